"""Latents of images by the command: the picture, the file, and what is refused before anything is written."""

import json

import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import finished_run, tiny_gan
from tf_infomax.commands import project
from tf_infomax.errors import InputError
from tf_infomax.images import write_png
from tf_infomax.models import DeepInfoMax
from tf_infomax.networks import ConvolutionalEncoder
from tf_infomax.objectives import LocalInfoMax
from tf_infomax.runs.directory import RunDirectory

QUICK = ["--restarts", "2", "--candidates", "8", "--steps", "3"]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    return finished_run(tmp_path_factory.mktemp("runs") / "run", tiny_gan([]))


@pytest.fixture(scope="module")
def image(run, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("images") / "image.png"
    write_png(path, run.load_gan().generate(1, seed=3)[0])
    return str(path)


def projected(*arguments: object) -> None:
    project.main([*map(str, arguments), *QUICK])


def test_a_picture_and_latents(run, image, tmp_path, capsys):
    files = ["--output", tmp_path / "pair.png", "--latents", tmp_path / "found.npz"]
    projected(image, image, "--run", run.path, *files)
    assert capsys.readouterr().out.count(f"{image}: distance ") == 2
    picture = tf.io.decode_png((tmp_path / "pair.png").read_bytes()).numpy()
    assert picture.shape == (2 * 66 + 2, 3 * 66 + 2, 1)
    with np.load(tmp_path / "found.npz") as arrays:
        drawn = run.load_gan().sampler.render(tf.constant(arrays["latents"]))
        settings = json.loads(str(arrays["settings"]))
    np.testing.assert_array_equal(picture[2:66:8, 68:132:8], drawn[0])
    assert settings["sha256"] == run.origin()["sha256"] and settings["restarts"] == 2
    before = (tmp_path / "found.npz").read_bytes()
    with pytest.raises(InputError, match="exists already"):
        projected(image, "--run", run.path, *files)
    assert (tmp_path / "found.npz").read_bytes() == before
    projected(image, "--run", run.path, *files, "--overwrite")
    with np.load(tmp_path / "found.npz") as arrays:
        assert len(arrays["latents"]) == 1


def test_an_encoder_draws_nothing(image, tmp_path):
    model = DeepInfoMax(ConvolutionalEncoder(28, num_channels=1, base_channels=4, fc_units=8), [LocalInfoMax(8)])
    encoder = finished_run(tmp_path / "run", model)
    with pytest.raises(InputError, match="must hold a GAN. Received: a DeepInfoMax"):
        projected(image, "--run", encoder.path, "--output", tmp_path / "pair.png")
    assert not (tmp_path / "pair.png").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "At least one of --output and --latents must be given. Received: none"),
        (["--output", "a.gif"], "`output` must end in .png. Received: a.gif"),
        (["--latents", "a.png"], "`latents` must end in .npz. Received: a.png"),
        (["--output", "a.png", "--classes", "1"], r"`classes` need a conditional GAN; .* Received: \[1\]"),
        (["--output", "a.png", "--seed", str(2**31)], "`seed` must be from .* Received: 2147483648"),
        (["--output", "a.png", "--feature-output", "b"], "`feature_output` is for a network .* Received: no features"),
        (["--output", "a.png", "--learning-rate", "0"], "`learning_rate` must be positive. Received: 0.0"),
    ],
)
def test_wrong_arguments_write_nothing(run, image, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message) as error:
        projected(image, "--run", run.path, *arguments)
    assert "\n" not in str(error.value) and not list(tmp_path.iterdir())


def test_images_are_needed(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="Projection needs at least one image. Received: none"):
        projected("--run", run.path, "--output", "a.png")
    with pytest.raises(InputError, match="An image must be a JPEG, .* Received: b.png: no regular file"):
        projected("b.png", "--run", run.path, "--output", "a.png")
    assert not list(tmp_path.iterdir())
