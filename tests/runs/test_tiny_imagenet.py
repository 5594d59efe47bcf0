"""Tiny ImageNet in its unpacked layout, with three classes: an encoder trains on it and is probed."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tf_infomax.commands import probe, train
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import ProbeOptions

WORDNET_IDS = ("n01443537", "n01629819", "n01641577")


def write_split(folder: Path, num_images: int, rng: np.random.Generator) -> None:
    """Classes differ in their colour."""
    for number, wordnet_id in enumerate(WORDNET_IDS):
        images = folder / wordnet_id / "images"
        images.mkdir(parents=True)
        (folder / wordnet_id / f"{wordnet_id}_boxes.txt").write_text("0 0 63 63")
        for index in range(num_images):
            pixels = rng.integers(0, 80, [64, 64, 3], np.uint8)
            pixels[..., number] += 120
            Image.fromarray(pixels).save(images / f"{wordnet_id}_{index}.JPEG")


@pytest.mark.slow
def test_a_run(tmp_path):
    rng = np.random.default_rng(0)
    write_split(tmp_path / "tiny-imagenet" / "train", 6, rng)
    write_split(tmp_path / "tiny-imagenet" / "val", 4, rng)
    (tmp_path / "tiny-imagenet" / "wnids.txt").write_text("\n".join(WORDNET_IDS))
    run = RunDirectory(tmp_path / "run")
    sizes = (
        "--steps 2 --batch-size 8 --encoder.base-channels 2 --encoder.fc-units 8 --encoder.output-dim 4 "
        "--objectives.local-infomax.head-units 8"
    ).split()
    data = ["--data-dir", str(tmp_path / "tiny-imagenet" / "train"), "--num-classes", "3"]
    train.main(["dim-l-infonce-tiny-imagenet", "--run-dir", str(run.path), *sizes, *data])
    config = json.loads(run.config_path.read_text())
    assert config["dataset"]["size"] == 18 and config["settings"]["model"]["encoder"]["architecture"] == "alexnet"
    probe.run(probe.Arguments(run.path, ProbeOptions(("svm",), test_split="val")))
    records = {record["metric"]: record for record in json.loads(run.metrics_path.read_text())}
    assert records["svm_conv"]["num_test"] == 12 and records["svm_conv"]["split"] == "train -> val"
    assert records["svm_conv"]["value"] == 100
