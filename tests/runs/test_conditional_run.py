"""A conditional run with a moving average, from the command line to the SavedModel."""

import dataclasses
import shutil

import numpy as np
import pytest
import tensorflow as tf

from tests.event_files import scalars
from tests.metrics.features.networks import keras_colours
from tests.programs import TINY
from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.commands import export, sample, train, verify
from tf_infomax.data.image_files import find_images
from tf_infomax.errors import InputError
from tf_infomax.models import Sampler
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import evaluate_run
from tf_infomax.runs.options import EvaluationOptions

SMALL = EvaluationOptions(num_real=100, num_fake=100, seeds=(0,))

TILE = 86
"""Pixels from one image to the next in a grid of 28 pixel images, enlarged three times."""


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    arguments = ["--steps", "4", "--ema-decay", "0.5", "--log-norms", "--run-dir", str(path)]
    train.main(["cgan-im-digits", *arguments, *TINY])
    return RunDirectory(path)


def test_grids_have_a_row_for_each_class(run):
    picture = tf.io.decode_png((run.samples / "final.png").read_bytes()).numpy()
    names, picture = np.split(picture, [-(6 * TILE + 2)], axis=1)
    assert picture.shape == (10 * TILE + 2, 6 * TILE + 2, 1) and np.any(names < 128)
    assert run.class_names == list("0123456789")
    images = run.load_gan().generate(6, seed=0, labels=[3] * 6)
    row = picture[3 * TILE + 2 : 4 * TILE : 3]
    np.testing.assert_array_equal(row[:, 2:TILE:3], images[0])
    np.testing.assert_array_equal(row[:, TILE + 2 : 2 * TILE : 3], images[1])


def test_norms_are_logged(run):
    logged = scalars(run.logs)
    model = run.load_gan()
    for player in ("generator", "discriminator"):
        assert len(logged[f"gradient_norm/{player}"]) == 2 and min(logged[f"gradient_norm/{player}"]) > 0
    sigmas = {name: values[-1] for name, values in logged.items() if name.startswith("spectral_norm/")}
    # Five layers of the discriminator with the embedding of classes, and three of each projection head.
    assert len(sigmas) == 5 + 2 * 3
    assert float(model.discriminator.to_logits.sigma()) in [pytest.approx(sigma) for sigma in sigmas.values()]


def test_the_average_is_evaluated_and_exported(run, tmp_path, capsys):
    model = run.load_gan()
    assert np.any(model.generate(4) != Sampler(model.generator).generate(4))
    assert {record["metric"] for record in evaluate_run(run, SMALL)} >= {"fid", "modes"}
    export.run(export.Arguments(run.path, tmp_path))
    verify.run(verify.Arguments(tmp_path / "1", num_images=5))
    assert "generate_class: label int64 ()" in capsys.readouterr().out
    served = tf.saved_model.load(str(tmp_path / "1")).signatures["generate_class"](
        num_images=tf.constant(2), seed=tf.constant(0), label=tf.constant(7, tf.int64)
    )["images"]
    np.testing.assert_allclose(served, Sampler(model.averaged_generator).generate(2, labels=[7, 7]), atol=1)


def test_sampling_classes(run, tmp_path):
    sample.run(sample.Arguments(run.path, tmp_path / "grid.png", num_images=8, classes=(7, 2)))
    picture = tf.io.decode_png((tmp_path / "grid.png").read_bytes()).numpy()
    assert picture.shape[0] == 2 * TILE + 2 and picture.shape[1] > 4 * TILE + 2
    with_names = sample_grid(run.load_gan(), num_images=8, classes=(7, 2), class_names=run.class_names)
    np.testing.assert_array_equal(picture, with_names)
    with pytest.raises(InputError, match="from 0 to 9. Received: 10 to 10"):
        sample.run(sample.Arguments(run.path, tmp_path / "other.png", classes=(10,)))
    assert not (tmp_path / "other.png").exists()


def test_a_finished_run_is_opened_again(run):
    before = run.model_path.stat().st_mtime_ns
    train.main(["cgan-im-digits", "--steps", "4", "--ema-decay", "0.5", "--run-dir", str(run.path), *TINY])
    assert run.model_path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--dataset", "stacked-digits", "--num-channels", "3"], "`num_classes` must be 1000 for stacked-digits"),
        (["--num-classes", "3"], "`num_classes` must be 10 for digits .*Received: 3"),
        (["--image-size", "30"], "30"),
        (["--batch-size", "4001"], "from 1 to 4000, .*Received: 4001"),
        (["--ema-decay", "1.0"], "`ema_decay` must be at least 0 and below 1. Received: 1.0"),
    ],
)
def test_bad_input_writes_nothing(tmp_path, arguments, message):
    with pytest.raises(InputError, match=message):
        train.main(["cgan-im-digits", "--run-dir", str(tmp_path / "run"), *arguments])
    assert not (tmp_path / "run").exists()


def test_labels_are_needed(photos, tmp_path):
    options = "--dataset folder --num-channels 3 --batch-size 4".split()
    arguments = [*options, "--data-dir", str(photos), "--run-dir", str(tmp_path / "r")]
    with pytest.raises(InputError, match="A conditional GAN needs labels, and folder .* has none"):
        train.main(["cgan-digits", *arguments])
    with pytest.raises(InputError, match="from 1 to 8, .* Received: 9"):
        train.main(["sngan-digits", *arguments, "--batch-size", "9"])
    assert not (tmp_path / "r").exists()


def test_own_photos_train_and_are_found_again(photos, tmp_path):
    run = RunDirectory(tmp_path / "run")
    arguments = ["--dataset", "folder", "--image-size", "32", "--steps", "2", "--run-dir", str(run.path)]
    # The preset's own split is none of a folder's.
    networks = "--generator.base-channels 8 --discriminator.base-channels 16 --objectives.infomax.projection-dim 4"
    command = ["infomax-gan-stl10", *arguments, "--discriminator-steps", "1", "--batch-size", "8", *networks.split()]
    train.main([*command, "--data-dir", str(photos)])
    config = run.config()
    expected = {
        "name": "folder",
        "split": "train",
        "size": 8,
        "folder": str(photos.resolve()),
        "skip_unreadable": False,
        "files": find_images(photos).digest(),
    }
    assert config["dataset"] == {**expected, "image_size": 32, "num_channels": 3}
    assert config["places"] == {"data_dir": str(photos.resolve()), "cache_dir": None}
    options = EvaluationOptions(num_real=8, num_fake=8, seeds=(0,), features="digits", metrics=("fid",))
    with pytest.raises(InputError, match="--force-features"):
        evaluate_run(run, options)
    network = keras_colours(tmp_path / "colours.keras")
    for change in ({"features": str(network)}, {"force_features": True}):
        [record] = evaluate_run(run, dataclasses.replace(options, **change))
        assert record["num_real"] == 8

    shutil.copytree(photos, tmp_path / "others")
    with pytest.raises(InputError, match="holds another run .dataset.folder .*photos there, .*others here"):
        train.main([*command, "--data-dir", str(tmp_path / "others")])


def test_the_last_picture_is_drawn_later_if_it_is_missing(run):
    final = run.samples / "final.png"
    before = final.read_bytes()
    final.unlink()
    train.main(["cgan-im-digits", "--steps", "4", "--ema-decay", "0.5", "--run-dir", str(run.path), *TINY])
    assert final.read_bytes() == before


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["sngan-digits", "--skip-unreadable"], "`skip_unreadable` is for the dataset folder. Received: digits"),
        (["sngan-digits", "--generator.latent-dim", "0"], "`latent_dim` must be at least 1. Received: 0"),
        (["sngan-digits", "--beta-1", "1.5"], "`beta_1` must be at least 0 and below 1. Received: 1.5"),
        (["sngan-digits", "--seed", "-1"], "`seed` must be from 0 .* Received: -1"),
        (["dcgan-half-digits", "--num-classes", "10"], "`num_classes` must be none for DCGAN.* Received: 10"),
    ],
)
def test_settings_out_of_range(tmp_path, arguments, message):
    with pytest.raises(InputError, match=message):
        train.main([*arguments, "--run-dir", str(tmp_path / "run")])
    assert not (tmp_path / "run").exists()
