"""Projection of files onto a run's GAN: what it drew is found again, and files are read as the run's data were."""

import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import graphs
from tests.tiny import LATENT_DIM, finished_run, tiny_gan
from tf_infomax.data.digits import load_digits
from tf_infomax.errors import InputError
from tf_infomax.images import image_grid, write_png
from tf_infomax.latents import generation_latents
from tf_infomax.models import GAN
from tf_infomax.networks import MLPDiscriminator, MLPGenerator, ResNetDiscriminator, ResNetGenerator
from tf_infomax.runs.options import ProjectionOptions
from tf_infomax.runs.projection import project_images, projection_picture, read_given_images, write_latents

OPTIONS = ProjectionOptions(restarts=5, candidates=40, steps=100, prior_weight=0.0)
"""Without the prior, which pulls latents of four numbers far from what they were."""
QUICK = ProjectionOptions(restarts=2, candidates=8, steps=2)


@pytest.fixture(scope="module")
def gan() -> GAN:
    """One of strong contrasts, whose moving average differs from its generator."""
    gan = tiny_gan([], ema_decay=0.5)
    for generator in (gan.generator, gan.averaged_generator):
        generator.to_image.kernel.assign(5 * generator.to_image.kernel)
    gan.averaged_generator.to_image.bias.assign([0.3])
    return gan


@pytest.fixture(scope="module")
def images(gan) -> np.ndarray:
    return gan.generate(2, seed=3)


@pytest.fixture(scope="module")
def projections(gan, images):
    with graphs(True):  # A hundred steps pay for the tracing of one.
        return project_images(gan, images, OPTIONS)


def conditional_gan() -> GAN:
    classes = {"base_channels": 4, "num_classes": 3}
    return GAN(ResNetGenerator(32, **classes), ResNetDiscriminator(32, **classes))


def test_images_of_the_gan_are_found_again(gan, images, projections):
    for number, projection in enumerate(projections):
        best = projection.found.latents[:1]
        # Although the images are rounded to grey levels.
        assert projection.found.distances[0] < 0.01 * projection.start.distances[0]
        assert np.abs(gan.sampler.render(tf.constant(best))[0].astype(int) - images[number]).mean() < 1.5
        np.testing.assert_allclose(best[0], generation_latents(2, LATENT_DIM, 3)[number], atol=0.03)
        assert projection.found.distances[0] == projection.found.distances.min()


def test_an_image_is_found_alike_alone_and_again(gan, images, projections, with_graphs):
    (alone,) = project_images(gan, images[1:], OPTIONS)
    np.testing.assert_array_equal(alone.found.latents, projections[1].found.latents)
    np.testing.assert_array_equal(alone.found.distances, projections[1].found.distances)


def test_the_picture_has_a_row_for_each_image(gan, images, projections):
    drawn = [gan.sampler.render(tf.constant(projection.found.latents[:4])) for projection in projections]
    rows = np.concatenate([images[:1], drawn[0], images[1:], drawn[1]])
    np.testing.assert_array_equal(projection_picture(gan, projections), image_grid(rows, columns=5))


def test_the_file_makes_the_images_again(gan, projections, tmp_path):
    write_latents(tmp_path / "found.npz", gan, projections, OPTIONS, origin={"sha256": "a model"})
    with np.load(tmp_path / "found.npz") as arrays:
        assert set(arrays) == {"latents", "distances", "images", "settings"}
        np.testing.assert_array_equal(gan.sampler.render(tf.constant(arrays["latents"])), arrays["images"])
        np.testing.assert_array_equal(arrays["distances"], [p.found.distances[0] for p in projections])
        settings = json.loads(str(arrays["settings"]))
    assert settings["steps"] == 100 and settings["weights"] == "average" and settings["sha256"] == "a model"


def test_the_raw_weights_are_searched_on_request(gan, with_graphs):
    raw = GAN(gan.generator, gan.discriminator)
    image = raw.generate(1, seed=3)
    (found,) = project_images(gan, image, dataclasses.replace(OPTIONS, weights="raw"))
    again = raw.sampler.render(tf.constant(found.found.latents[:1]))
    assert np.abs(again.astype(int) - image).mean() < 1.5
    assert np.any(projection_picture(gan, [found], weights="raw") != projection_picture(gan, [found]))


def test_classes_of_a_conditional_gan(tmp_path):
    gan = conditional_gan()
    image = gan.generate(1, seed=3, labels=[2])
    (of_all,) = project_images(gan, image, QUICK)
    assert set(of_all.start.labels) <= {0, 1, 2} and f"class {of_all.found.labels[0]}" in of_all.summary
    (of_one,) = project_images(gan, image, dataclasses.replace(QUICK, classes=(1,)))
    np.testing.assert_array_equal(of_one.found.labels, [1, 1])
    write_latents(tmp_path / "found.npz", gan, [of_one], QUICK, origin={})
    with np.load(tmp_path / "found.npz") as arrays:
        again = gan.sampler.render(tf.constant(arrays["latents"]), arrays["labels"])
        np.testing.assert_array_equal(again, arrays["images"])


def test_another_network_may_compare(gan, images, tmp_path, with_graphs):
    """One that sees the left half, without the pixels: the right half stays as it may."""
    inputs = keras.Input((8, 8, 1))
    left = keras.layers.Cropping2D(((0, 0), (0, 4)), name="left")(inputs)
    keras.Model(inputs, left).save(tmp_path / "left.keras")
    network = {"features": str(tmp_path / "left.keras"), "feature_output": "left", "logit_output": "none"}
    options = dataclasses.replace(OPTIONS, pixel_weight=0.0, **network)
    (projection,) = project_images(gan, images[:1], options)
    drawn = gan.sampler.render(tf.constant(projection.found.latents[:1]))[0].astype(int)
    assert projection.found.distances[0] < 0.01 * projection.start.distances[0]
    assert np.abs(drawn - images[0])[:, :4].mean() < 1.5


@pytest.fixture
def of_digits(tmp_path):
    return finished_run(tmp_path / "run", digits_gan(), dataset={"name": "digits"})


def digits_gan() -> GAN:
    networks = {"num_channels": 1, "base_channels": 4}
    return GAN(ResNetGenerator(32, **networks), ResNetDiscriminator(32, **networks))


def test_files_are_prepared_as_the_data_were(of_digits, tmp_path):
    digit = load_digits("train")[0][7][..., np.newaxis]
    write_png(tmp_path / "28.png", digit)
    write_png(tmp_path / "56.png", digit.repeat(2, axis=0).repeat(2, axis=1))
    write_png(tmp_path / "32.png", np.pad(digit, ((2, 2), (2, 2), (0, 0))))
    paths = [tmp_path / f"{size}.png" for size in (28, 32, 56)]
    bordered, whole, resized = read_given_images(of_digits, of_digits.load_gan(), paths)
    np.testing.assert_array_equal(bordered, whole)
    np.testing.assert_array_equal(whole[2:30, 2:30], digit)
    assert resized.shape == (32, 32, 1) and np.any(resized != whole)


def test_what_cannot_be_projected(of_digits, tmp_path):
    gan = of_digits.load_gan()
    with pytest.raises(InputError, match="Projection needs at least one image. Received: none"):
        read_given_images(of_digits, gan, [])
    (tmp_path / "text.png").write_text("no image")
    for name in ("text.png", "missing.png"):
        with pytest.raises(InputError, match=f"An image must be a JPEG, .* Received: {name}: ") as error:
            read_given_images(of_digits, gan, [tmp_path / name])
        assert "\n" not in str(error.value)
    points = GAN(MLPGenerator(base_channels=4), MLPDiscriminator(base_channels=4))
    with pytest.raises(InputError, match=r"Projection needs a GAN of images .* Received: one of \(2,\)"):
        read_given_images(of_digits, points, [tmp_path / "text.png"])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"classes": (1,)}, "`classes` need a conditional GAN"),
        ({"seed": 2**31}, "`seed` must be from .* Received: 2147483648"),
        ({"weights": "ema"}, "`weights` must be one of average, raw. Received: ema"),
        ({"features": "nothing"}, "expected features digits, .* Received: 'nothing'"),
        ({"features": "digits"}, "expected digits of 28x28 or 32x32 pixels. Received: 8x8"),
        ({"feature_output": "pool"}, "`feature_output` is for a network that `features` names"),
        ({"restarts": 9, "candidates": 3}, "`candidates` must be at least `restarts` = 9. Received: 3"),
    ],
)
def test_wrong_options(gan, images, options, message):
    with pytest.raises(InputError, match=message):
        project_images(gan, images, ProjectionOptions(**options))
    with pytest.raises(InputError, match="Labels must be from 0 to 2. Received: 3 to 3"):
        project_images(conditional_gan(), images, ProjectionOptions(classes=(3,)))
