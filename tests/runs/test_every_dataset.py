"""A preset of every dataset trains from the command line, with narrow networks and stand-ins for published datasets.

Without graphs. `tests/models/test_conformance.py` has every method, and `tests/every_preset.py` every GAN at full size.
"""

import json
from pathlib import Path

import keras
import pytest

from tests.standins import SPLITS, standin
from tf_infomax.commands import train
from tf_infomax.presets import DATASETS, PRESETS
from tf_infomax.runs.directory import RunDirectory

NARROW = (
    "--steps 2 --batch-size 4 --discriminator-steps 1 --metrics-every 0 "
    "--generator.base-channels 16 --discriminator.base-channels 16 --generator.latent-dim 4"
).split()
OTHERS = ("imagenet32", "stl10", "cifar100", "lsun128", "imagenet128")
"""Datasets that other methods are trained with here, or that have the networks of another row."""

NAMES = (
    *(name for name, (method, dataset) in PRESETS.pairs.items() if method == "infomax-gan" and dataset not in OTHERS),
    "cgan-im-imagenet32",
    "wgan-gp-im-stl10",
    "sngan-cifar100",
    "sngan-lsun128",
    "sngan-imagenet128",
    "dcgan-half-im-stacked-mnist",
    "vgan-ver-ring",
    "wgan-ver-grid",
)


def test_every_dataset_is_here():
    assert {PRESETS.pairs[name][1] for name in NAMES} == {
        name for name, row in DATASETS.items() if "gan" in row.recipes
    }


@pytest.fixture(scope="module")
def datasets(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("datasets")
    for name in SPLITS:
        standin(name, folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_trains(name, datasets, tmp_path):
    heads = ["--objectives.infomax.projection-dim", "4"] if "infomax" in PRESETS[name].model.objectives else []
    train.main([name, "--run-dir", str(tmp_path / "run"), "--data-dir", str(datasets), *NARROW, *heads])
    run = RunDirectory(tmp_path / "run")
    assert run.is_finished and (run.samples / "final.png").exists()
    config = json.loads(run.config_path.read_text())
    assert config["preset"] == name
    assert config["settings"]["schedule"]["steps"] == 2
    assert config["settings"]["data"]["num_classes"] == PRESETS[name].data.num_classes
    keras.backend.clear_session()
