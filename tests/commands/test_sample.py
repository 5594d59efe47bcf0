"""Samples of a run by the command: a picture, arrays, or a folder that the same command continues."""

import json
import signal

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.tiny import LATENT_DIM, finished_run, tiny_gan
from tf_infomax.commands import sample
from tf_infomax.errors import InputError
from tf_infomax.latents import generation_latents, truncated_latents
from tf_infomax.models import GAN, Sampler
from tf_infomax.networks import MLPDiscriminator, MLPGenerator, ResNetDiscriminator, ResNetGenerator
from tf_infomax.runs.animation import ANIMATIONS
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.sampling import SampleSet
from tf_infomax.runs.walk import WALK_FILES

WALK = ["--interpolate", "0", "7"]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    """A run whose moving average differs from its generator."""
    gan = tiny_gan([], ema_decay=0.5)
    gan.averaged_generator.to_image.bias.assign([0.3])
    return finished_run(tmp_path_factory.mktemp("runs") / "run", gan)


def sampled(run: RunDirectory, *arguments: object) -> None:
    sample.main([str(run.path), *map(str, arguments)])


def test_grid(run, tmp_path):
    sampled(run, "--output", tmp_path / "grid.png", "--num-images", 5, "--seed", 3)
    grid = tf.io.decode_png((tmp_path / "grid.png").read_bytes()).numpy()
    assert grid.shape == (2 * 66 + 2, 3 * 66 + 2, 1)  # 8 pixels, each as 8 x 8
    np.testing.assert_array_equal(grid[2:66:8, 2:66:8], run.load_gan().generate(5, seed=3)[0])
    with pytest.raises(InputError, match="exists already"):
        sampled(run, "--output", tmp_path / "grid.png")
    sampled(run, "--output", tmp_path / "grid.png", "--num-images", 5, "--seed", 3, "--weights", "raw", "--overwrite")
    raw = tf.io.decode_png((tmp_path / "grid.png").read_bytes()).numpy()
    np.testing.assert_array_equal(raw[2:66:8, 2:66:8], Sampler(run.load_gan().generator).generate(5, seed=3)[0])
    assert np.any(raw != grid)


@pytest.mark.parametrize("weights", ["raw", "average"])
def test_weights_of_arrays(run, tmp_path, weights):
    sampled(run, "--output", tmp_path / "arrays.npz", "--num-images", 4, "--seed", -3, "--weights", weights)
    gan = run.load_gan()
    expected = Sampler({"raw": gan.generator, "average": gan.averaged_generator}[weights]).generate(4, seed=-3)
    with np.load(tmp_path / "arrays.npz") as arrays:
        assert arrays.files == ["images"] and arrays["images"].dtype == np.uint8
        np.testing.assert_allclose(arrays["images"].astype(int), expected, atol=1)


def test_an_interrupted_folder_is_continued(run, tmp_path, monkeypatch, capsys):
    batch, starts = SampleSet.batch, []

    def interrupted(self, start):
        starts.append(start)
        if starts == [0, 256]:
            raise KeyboardInterrupt
        return batch(self, start)

    monkeypatch.setattr(SampleSet, "batch", interrupted)
    command = ["--output-folder", tmp_path / "images", "--num-images", 260]
    with pytest.raises(SystemExit) as exit_:
        sampled(run, *command)
    assert exit_.value.code == 128 + signal.SIGINT
    assert "Run the same command again to continue." in capsys.readouterr().err
    assert len(list((tmp_path / "images").glob("*.png"))) == 256
    sampled(run, *command)
    assert starts == [0, 256, 256] and "260 images in" in capsys.readouterr().out
    files = sorted((tmp_path / "images").glob("*.png"))
    images = np.stack([tf.io.decode_png(path.read_bytes()).numpy() for path in files])
    np.testing.assert_allclose(images.astype(int), run.load_gan().generate(260), atol=1)
    manifest = json.loads((tmp_path / "images" / "samples.json").read_text())
    assert manifest["sha256"] == run.origin()["sha256"] and manifest["weights"] == "average"


def test_labels_of_a_conditional_run(tmp_path):
    classes = {"base_channels": 4, "num_classes": 7}
    run = finished_run(tmp_path / "run", GAN(ResNetGenerator(32, **classes), ResNetDiscriminator(32, **classes)))
    sampled(run, "--output", tmp_path / "arrays.npz", "--num-images", 5, "--classes", 3, 5)
    with np.load(tmp_path / "arrays.npz") as arrays:
        np.testing.assert_array_equal(arrays["labels"], [3, 5, 3, 5, 3])
        expected = run.load_gan().generate(5, labels=arrays["labels"])
        np.testing.assert_allclose(arrays["images"].astype(int), expected, atol=1)


def test_single_images_by_their_seeds(run, tmp_path):
    sampled(run, "--output-folder", tmp_path / "folder", "--seeds", 3, -17)
    files = {path.name: tf.io.decode_png(path.read_bytes()) for path in (tmp_path / "folder").glob("*.png")}
    assert set(files) == {"seed00003.png", "seed-0017.png"}
    for name, seed in (("seed00003.png", 3), ("seed-0017.png", -17)):
        np.testing.assert_allclose(files[name].numpy().astype(int), run.load_gan().generate(1, seed)[0], atol=1)
    with pytest.raises(InputError, match=r"other samples \(seeds \[3, -17\] there, None here"):
        sampled(run, "--output-folder", tmp_path / "folder", "--num-images", 2)


def test_the_bound_is_in_all_files_and_in_the_manifest(run, tmp_path):
    options = ["--num-images", 2, "--truncation", 0.5]
    for target in ("grid.png", "arrays.npz"):
        sampled(run, "--output", tmp_path / target, *options)
    sampled(run, "--output-folder", tmp_path / "folder", *options)
    assert json.loads((tmp_path / "folder" / "samples.json").read_text())["truncation"] == 0.5
    latents = truncated_latents(generation_latents(2, LATENT_DIM, 0), tf.fill([2], 0.5))
    expected = run.load_gan().sampler.render(latents)
    grid = tf.io.decode_png((tmp_path / "grid.png").read_bytes()).numpy()
    np.testing.assert_array_equal(grid[2:66:8, 2:66:8], expected[0])
    with np.load(tmp_path / "arrays.npz") as arrays:
        np.testing.assert_allclose(arrays["images"].astype(int), expected, atol=1)
    file = tf.io.decode_png((tmp_path / "folder" / "000001.png").read_bytes()).numpy()
    np.testing.assert_allclose(file.astype(int), expected[1], atol=1)
    with pytest.raises(InputError, match="other samples .truncation 0.5 there, None here"):
        sampled(run, "--output-folder", tmp_path / "folder", "--num-images", 2)


def test_walks(run, tmp_path):
    walk = ["--interpolate", 0, 7, "--steps", 4, "--num-images", 2]
    sampled(run, "--output", tmp_path / "walk.png", *walk)
    strip = tf.io.decode_png((tmp_path / "walk.png").read_bytes()).numpy()
    assert strip.shape == (2 * 66 + 2, 4 * 66 + 2, 1)
    np.testing.assert_array_equal(strip[2:66:8, 2:66:8], run.load_gan().generate(2, seed=0)[0])
    sampled(run, "--output", tmp_path / "walk.gif", *walk, "--loop")
    with Image.open(tmp_path / "walk.gif") as animation:
        assert animation.n_frames == 6 and animation.size == (2 * 66 + 2, 66 + 2)
    with pytest.raises(InputError, match="exists already"):
        sampled(run, "--output", tmp_path / "walk.gif", *walk)


def test_suffixes_are_those_of_walks():
    assert set(sample._WALK_SUFFIXES) == set(WALK_FILES) > set(ANIMATIONS)


def test_points(tmp_path):
    run = finished_run(tmp_path / "run", GAN(MLPGenerator(base_channels=4), MLPDiscriminator(base_channels=4)))
    sampled(run, "--output", tmp_path / "points.npz", "--num-images", 300)
    with np.load(tmp_path / "points.npz") as arrays:
        assert arrays.files == ["points"] and arrays["points"].dtype == np.float32
        np.testing.assert_allclose(arrays["points"], run.load_gan().generate(300), rtol=1e-5, atol=1e-6)
    with pytest.raises(InputError, match="A folder is for images; points go into one npz file"):
        sampled(run, "--output-folder", tmp_path / "folder")
    assert not (tmp_path / "folder").exists()
    with pytest.raises(InputError, match="A walk needs a GAN of images. Received: a GAN of points"):
        sampled(run, "--output", tmp_path / "walk.gif", "--interpolate", 0, 7)
    assert not (tmp_path / "walk.gif").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "Exactly one of --output and --output-folder .* Received: none"),
        (["--output", "a.png", "--output-folder", "a"], "Exactly one of .* Received: a.png and a"),
        (["--output", "a.jpg"], "`output` must end in .png or .npz. Received: a.jpg"),
        (["--output", "a.png", "--seed", str(2**32 + 5)], r"`seed` must be from -2\*\*31 .* Received: 4294967301"),
        (["--output", "a.png", "--seed", str(2**31)], r"`seed` must be from -2\*\*31 .* Received: 2147483648"),
        (["--output-folder", "a", "--seed", str(2**31)], r"`seed` must be from -2\*\*31 .* Received: 2147483648"),
        (["--output", "a.npz", "--num-images", "0"], "`num_images` must be at least 1. Received: 0"),
        (["--output", "a.png", "--truncation", "0"], "`truncation` must be positive. Received: 0.0"),
        (["--output", "a.npz", "--truncation", "-1"], "`truncation` must be positive. Received: -1.0"),
        (
            ["--output", "a.gif"],
            "`output` must end in .png or .npz, or ask for a walk by --interpolate. Received: a.gif",
        ),
        (["--output", "a.png", "--seeds", "3", "--seed", "4"], "`seed` must not be given beside `seeds`. Received: 4"),
        (["--output", "a.npz", "--seeds", "3", "--num-images", "4"], "`num_images` must not be given .* Received: 4"),
        (["--output", "a.png", "--steps", "5"], "`steps` is for a walk, .* Received: no --interpolate"),
        (["--output", "a.png", "--loop"], "`loop` is for a walk, .* Received: no --interpolate"),
        ([*WALK, "--output", "a.npz"], "`output` must end in .gif or .mp4 or .png. Received: a.npz"),
        ([*WALK, "--output-folder", "a"], "A walk goes into one file, --output. Received: --output-folder a"),
        ([*WALK, "--output", "a.gif", "--seeds", "3"], "so --seed and --seeds must not be given"),
        ([*WALK, "--output", "a.gif", "--seed", "3"], "so --seed and --seeds must not be given"),
        ([*WALK, "--output", "a.gif", "--steps", "1"], "`steps` must be at least 2, .* Received: 1"),
        ([*WALK, "--output", "a.gif", "--classes", "1"], r"`classes` need a conditional GAN; .* Received: \[1\]"),
        ([*WALK, "--output", "a.gif", "--num-images", "0"], "`num_images` must be at least 1. Received: 0"),
        ([*WALK, "--output", "a.gif", "--truncation", "0"], "`truncation` must be positive. Received: 0.0"),
        (["--interpolate", "3", "--output", "a.gif"], "`interpolate` must be at least two seeds, .* Received: 3"),
        (["--output", "a.npz", "--classes", "1"], r"`classes` need a conditional GAN; .* Received: \[1\]"),
    ],
)
def test_wrong_arguments_write_nothing(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message) as error:
        sampled(run, *arguments)
    assert "\n" not in str(error.value) and not list(tmp_path.iterdir())
