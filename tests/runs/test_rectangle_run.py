"""A GAN of grey rectangles from a folder, by a preset of square images in colour: from the files to the SavedModel."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.programs import TINY_NETWORKS
from tf_infomax.commands import evaluate, export, sample, train, verify
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import evaluate_run
from tf_infomax.runs.evaluation.real_data import data_of_run
from tf_infomax.runs.options import EvaluationOptions

NUM_IMAGES = 12
COMMAND = "--dataset folder --num-channels 1 --image-size 32 64 --source-size 36 70 --mirror True".split()
TRAINING = "--discriminator-steps 1 --steps 2 --metrics-every 0".split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Images of 36x70, which are read as they are, so that their middles are known."""
    folder = tmp_path_factory.mktemp("grey")
    for k in range(NUM_IMAGES):
        Image.fromarray(pixels(k)).save(folder / f"{k:02d}.png")
    return folder


def pixels(k: int) -> np.ndarray:
    return np.random.default_rng(k).integers(0, 256, (36, 70), np.uint8)


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    arguments = ["--data-dir", str(folder), "--run-dir", str(path), *COMMAND, *TRAINING, *TINY_NETWORKS]
    train.main(["infomax-gan-cifar10", *arguments])
    return RunDirectory(path)


def grey_network(path):
    """Saves a network of one channel with features and logits, as one stands in for Inception."""
    images = keras.Input((None, None, 1))
    pooled = keras.layers.GlobalAveragePooling2D(name="pool_3")(keras.layers.Conv2D(4, 3, strides=2)(images))
    keras.Model(images, {"pool_3": pooled, "logits": keras.layers.Dense(3, name="logits")(pooled)}).save(path)
    return path


def test_config(run):
    config = json.loads(run.config_path.read_text())
    data = config["settings"]["data"]
    assert (data["image_size"], data["source_size"], data["mirror"]) == ([32, 64], [36, 70], True)
    assert config["dataset"]["image_size"] == [36, 70] and config["dataset"]["num_channels"] == 1


def test_samples(run, tmp_path):
    images = run.load_gan().generate(3, seed=0)
    assert images.shape == (3, 32, 64, 1)
    sample.run(sample.Arguments(run.path, tmp_path / "grid.png", num_images=4))
    picture = np.asarray(Image.open(tmp_path / "grid.png"))
    assert picture.shape == (2 * 66 + 2, 2 * 130 + 2)  # enlarged twice
    np.testing.assert_array_equal(picture[2:66:2, 2:130:2], images[0, ..., 0])


def test_the_same_command_is_the_same_run(run, folder):
    before = run.model_path.stat().st_mtime_ns
    arguments = ["--data-dir", str(folder), "--run-dir", str(run.path), *COMMAND, *TRAINING, *TINY_NETWORKS]
    train.main(["infomax-gan-cifar10", *arguments])
    assert run.model_path.stat().st_mtime_ns == before
    message = r"data.image_size \[32, 64\] there, 32 here"
    with pytest.raises(InputError, match=message):
        train.main(["infomax-gan-cifar10", *arguments, "--image-size", "32"])


def test_evaluation_has_the_middles_of_the_images(run):
    source = data_of_run(run, EvaluationOptions()).source
    np.testing.assert_array_equal(source.images_at(range(NUM_IMAGES))[5, ..., 0], pixels(5)[2:34, 3:67])


@pytest.mark.parametrize("of", ["run", "folder"])
def test_evaluated(run, folder, tmp_path, of):
    options = EvaluationOptions(
        protocol="quick",
        num_real=NUM_IMAGES,
        num_fake=NUM_IMAGES,
        metrics=("fid", "is"),
        features=str(grey_network(tmp_path / "grey.keras")),
        cache_dir=str(tmp_path / "cache"),
        data_dir=str(folder),
    )
    if of == "run":
        records = evaluate_run(run, options)
    else:
        images = tmp_path / "images"
        sample.run(sample.Arguments(run.path, output_folder=images, num_images=NUM_IMAGES))
        output = tmp_path / "records.json"
        evaluate.run(evaluate.Arguments(images, dataset="folder", output=output, options=options))
        records = json.loads(output.read_text())
        records = records["records"] if isinstance(records, dict) else records
    assert {record["metric"] for record in records} >= {"fid", "is"}
    assert all(np.isfinite(record["value"]) for record in records)


def test_exported(run, tmp_path, capsys):
    export.run(export.Arguments(run.path, tmp_path))
    verify.run(verify.Arguments(tmp_path / "1", num_images=3))
    signatures = tf.saved_model.load(str(tmp_path / "1")).signatures
    served = signatures["generate"](num_images=tf.constant(3), seed=tf.constant(0))["images"]
    np.testing.assert_allclose(served, run.load_gan().generate(3, seed=0), atol=1)
    assert "36x70 cropped to 32x64 pixels, 1 channels" in (tmp_path / "README.md").read_text()
