"""Sets of samples: each sample depends on the seed and its number alone, however the set is written."""

import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import tiny_gan
from tf_infomax.errors import InputError
from tf_infomax.latents import generation_labels
from tf_infomax.models import GAN, Sampler
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator
from tf_infomax.runs.sampling import SampleSet, write_sample_file, write_sample_folder

ORIGIN = {"sha256": "a model"}


def conditional_gan(**kwargs) -> GAN:
    classes = {"base_channels": 4, "num_classes": 7}
    return GAN(ResNetGenerator(32, **classes), ResNetDiscriminator(32, **classes), **kwargs)


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


def pixels(folder) -> np.ndarray:
    return np.stack([tf.io.decode_png(content).numpy() for _, content in sorted(contents(folder).items())])


@pytest.fixture(scope="module")
def gan() -> GAN:
    return tiny_gan([])


@pytest.fixture(scope="module")
def whole(gan, tmp_path_factory):
    """A folder of 300 images, written at once."""
    folder = tmp_path_factory.mktemp("samples") / "whole"
    write_sample_folder(SampleSet(gan, 300, seed=4), folder, origin=ORIGIN)
    return folder


def test_a_folder_has_the_images_of_generate(gan, whole):
    assert sorted(contents(whole)) == [f"{number:06d}.png" for number in range(300)]
    images, expected = pixels(whole), gan.generate(300, seed=4)
    np.testing.assert_array_equal(images[:256], expected[:256])
    np.testing.assert_allclose(images.astype(int), expected, atol=1)
    np.testing.assert_array_equal(images, gan.generate(512, seed=4)[:300])


@pytest.mark.parametrize("lost", [range(200, 290), (5, 299), range(256, 300)])
def test_lost_files_are_written_again(whole, tmp_path, lost):
    expected = contents(whole)
    for name, content in expected.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "samples.json").write_bytes((whole / "samples.json").read_bytes())
    (tmp_path / ".partial-4194305-000003.png").write_bytes(b"half")
    for number in lost:
        (tmp_path / f"{number:06d}.png").unlink()
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("[!.]*.png")}
    # Another model object, as in another process.
    write_sample_folder(SampleSet(tiny_gan([]), 300, seed=4), tmp_path, origin=ORIGIN)
    assert contents(tmp_path) == expected
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_more_images_continue_fewer(gan, whole, tmp_path):
    write_sample_folder(SampleSet(gan, 100, seed=4), tmp_path, origin=ORIGIN)
    write_sample_folder(SampleSet(gan, 300, seed=4), tmp_path, origin=ORIGIN)
    assert contents(tmp_path) == contents(whole)
    assert (tmp_path / "samples.json").read_bytes() == (whole / "samples.json").read_bytes()
    with pytest.raises(InputError, match="other samples .num_images 300 there, 100 here"):
        write_sample_folder(SampleSet(gan, 100, seed=4), tmp_path, origin=ORIGIN)
    assert contents(tmp_path) == contents(whole)


def test_labels_are_in_the_names_and_beside_the_arrays(tmp_path):
    gan = conditional_gan()
    samples = SampleSet(gan, 20, seed=4)
    expected, labels = gan.generate(20, seed=4), generation_labels(20, 7, 4).numpy()
    write_sample_folder(samples, tmp_path / "folder", origin=ORIGIN)
    assert sorted(contents(tmp_path / "folder")) == [f"{i:06d}-class{label}.png" for i, label in enumerate(labels)]
    np.testing.assert_allclose(pixels(tmp_path / "folder").astype(int), expected, atol=1)
    write_sample_file(samples, tmp_path / "arrays.npz")
    with np.load(tmp_path / "arrays.npz") as arrays:
        assert (arrays["images"].dtype, arrays["labels"].dtype) == (np.uint8, np.int64)
        np.testing.assert_array_equal(arrays["images"], pixels(tmp_path / "folder"))
        np.testing.assert_array_equal(arrays["labels"], labels)


def test_given_classes_come_in_turn_across_batches():
    gan = conditional_gan()
    samples = SampleSet(gan, 300, classes=(6, 0, 2))
    np.testing.assert_array_equal(samples.labels, [6, 0, 2] * 100)
    labels = np.tile([6, 0, 2], 171)[:512]
    np.testing.assert_array_equal(samples.batch(256), gan.generate(512, labels=labels)[256:300])


def test_weights():
    gan = tiny_gan([], ema_decay=0.5)
    gan.averaged_generator.to_image.bias.assign([0.3])
    generators = {"raw": gan.generator, "average": gan.averaged_generator}
    drawn = {weights: SampleSet(gan, 4, weights=weights).batch(0) for weights in generators}
    for weights, generator in generators.items():
        np.testing.assert_array_equal(drawn[weights], Sampler(generator).generate(256)[:4])
    assert np.any(drawn["raw"] != drawn["average"])
    assert SampleSet(gan, 4).weights == "average" and SampleSet(tiny_gan([]), 4).weights == "raw"
    np.testing.assert_array_equal(SampleSet(gan, 4).batch(0), drawn["average"])
    with pytest.raises(InputError, match="`weights` must be raw for a GAN without a moving average"):
        SampleSet(tiny_gan([]), 4, weights="average")
    with pytest.raises(InputError, match="`weights` must be one of average, raw. Received: ema"):
        SampleSet(gan, 4, weights="ema")


def test_images_that_are_not_finite_are_not_written(tmp_path):
    gan = tiny_gan([])
    gan.generator.to_image.bias.assign([np.nan])
    with pytest.raises(InputError, match="256 of 256 images with values that are not finite"):
        write_sample_folder(SampleSet(gan, 10), tmp_path / "folder", origin=ORIGIN)
    with pytest.raises(InputError, match="not finite"):
        write_sample_file(SampleSet(gan, 10), tmp_path / "arrays.npz")
    assert not contents(tmp_path / "folder") and not (tmp_path / "arrays.npz").exists()


@pytest.mark.parametrize(
    "number, options, message",
    [
        (0, {}, "`num_images` must be at least 1. Received: 0"),
        (4, {"seed": -(2**31) - 1}, "`seed` must be from .* Received: -2147483649"),
        (4, {"classes": ()}, "`classes` must not be empty"),
        (4, {"classes": (7,)}, "Labels must be from 0 to 6. Received: 7 to 7"),
    ],
)
def test_what_there_cannot_be(number, options, message):
    with pytest.raises(InputError, match=message):
        SampleSet(conditional_gan(), number, **options)
