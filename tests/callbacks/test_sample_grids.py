"""Pictures of images, of classes and of points, and the errors of a GAN of points on wrong data."""

import keras
import numpy as np
import pytest

from tests.tiny import LATENT_DIM, batches, tiny_gan
from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.errors import InputError
from tf_infomax.images import image_grid
from tf_infomax.latents import LatentChoice
from tf_infomax.models import GAN
from tf_infomax.networks import MLPDiscriminator, MLPGenerator, ResNetDiscriminator, ResNetGenerator
from tf_infomax.plots import scatter_panels, with_row_names


def points_gan(num_channels: int = 2) -> GAN:
    keras.utils.set_random_seed(0)
    gan = GAN(MLPGenerator(num_channels, base_channels=4), MLPDiscriminator(num_channels, base_channels=4))
    gan.compile()
    return gan


def test_a_grid_of_several_seeds_has_the_first_image_of_each():
    gan = tiny_gan([])
    grid = sample_grid(gan, seeds=(3, 17, 42))
    expected = np.concatenate([gan.generate(1, seed) for seed in (3, 17, 42)])
    np.testing.assert_allclose(grid.astype(int), image_grid(expected), atol=1)


def test_a_bound_changes_the_latents_alone():
    gan = tiny_gan([])
    choice = LatentChoice(4, truncation=0.5)
    grid = sample_grid(gan, num_images=5, seed=4, truncation=0.5)
    np.testing.assert_array_equal(grid, image_grid(gan.sampler.render(choice.latents(5, LATENT_DIM))))
    assert np.any(grid != sample_grid(gan, num_images=5, seed=4))
    np.testing.assert_array_equal(
        sample_grid(gan, num_images=5, seed=4, truncation=10.0), sample_grid(gan, num_images=5, seed=4)
    )


def test_rows_of_classes_have_their_names():
    classes = {"base_channels": 4, "num_classes": 3}
    gan = GAN(ResNetGenerator(32, **classes), ResNetDiscriminator(32, **classes))
    plain = sample_grid(gan, seeds=(3, 17), classes=(2, 0))
    images = np.concatenate([gan.generate(1, seed, labels=[label]) for label in (2, 0) for seed in (3, 17)])
    np.testing.assert_allclose(plain.astype(int), image_grid(images, columns=2), atol=1)
    named = sample_grid(gan, seeds=(3, 17), classes=(2, 0), class_names=("cats", "dogs", "mice"))
    np.testing.assert_array_equal(named, with_row_names(plain, ["mice", "cats"]))


def test_points_are_drawn_over_the_real_ones():
    gan, real = points_gan(), 3 * np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    picture = sample_grid(gan, num_images=30, seed=4, real_points=real)
    expected = scatter_panels({"samples": gan.generate(30, seed=4)}, real, dots_per_inch=200)
    np.testing.assert_array_equal(picture, expected)
    assert np.any(picture != sample_grid(gan, num_images=30, seed=5, real_points=real))


def test_only_planes_are_drawn():
    with pytest.raises(InputError, match="Only points in the plane can be drawn. Received: 3 dimensions"):
        sample_grid(points_gan(3))


def test_points_may_lie_anywhere():
    gan = points_gan()
    gan.fit(batches(np.full((4, 2), 100.0, np.float32), 4), shuffle=False, verbose=0)
    assert int(gan.generator_optimizer.iterations) == 1
    points = gan.generate(3)
    assert points.shape == (3, 2) and points.dtype == np.float32


@pytest.mark.parametrize(
    "points, message",
    [
        (np.zeros((4, 3), np.float32), r"Points must have shape \(B, D\) with \(2,\). Received: \((4|None), 3\)"),
        (np.zeros((4, 2), np.int32), "Points must be floating point. Received: int32"),
    ],
)
def test_wrong_points(points, message):
    with pytest.raises(InputError, match=message):
        points_gan().fit(batches(points, 4), shuffle=False, verbose=0)
