"""A preset of every dataset trains from the command line, with narrow networks and stand-ins for published datasets.

`tests/models/test_conformance.py` has every method, and `tests/every_preset.py` every preset at full size.
"""

import json
from pathlib import Path

import keras
import pytest

from tests.standins import SPLITS, standin
from tf_infomax.presets import DATASETS, PAIRS, PRESETS
from tf_infomax.runs.directory import RunDirectory
from trainers import gan

NARROW = (
    "--steps 2 --batch-size 4 --discriminator-steps 1 --generator-channels 16 --discriminator-channels 16 "
    "--latent-dim 4 --metrics-every 0"
).split()
OTHERS = ("imagenet32", "stl10")
"""Datasets that other methods are trained with here."""

NAMES = (
    *(name for name, (method, dataset) in PAIRS.items() if method == "infomax-gan" and dataset not in OTHERS),
    "cgan-im-imagenet32",
    "wgan-gp-im-stl10",
    "dcgan-half-im-stacked-mnist",
    "vgan-ver-ring",
    "wgan-ver-grid",
)


def test_every_dataset_is_here():
    assert {PAIRS[name][1] for name in NAMES} == set(DATASETS)


@pytest.fixture(scope="module")
def datasets(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("datasets")
    for name in SPLITS:
        standin(name, folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_trains(name, datasets, tmp_path):
    heads = ["--projection-dim", "4"] if "infomax" in PRESETS[name].objectives else []
    gan.main([name, "--run-dir", str(tmp_path / "run"), "--data-dir", str(datasets), *NARROW, *heads])
    run = RunDirectory(tmp_path / "run")
    assert run.gan_path.exists() and (run.samples / "final.png").exists()
    config = json.loads(run.config_path.read_text())
    assert config["preset"] == name
    assert config["settings"]["steps"] == 2 and config["settings"]["num_classes"] == PRESETS[name].num_classes
    keras.backend.clear_session()
