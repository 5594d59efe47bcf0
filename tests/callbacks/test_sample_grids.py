"""Pictures of points, and the errors of a GAN of points on wrong data."""

import keras
import numpy as np
import pytest

from tests.tiny import batches
from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.errors import InputError
from tf_infomax.models import GAN
from tf_infomax.networks import MLPDiscriminator, MLPGenerator
from tf_infomax.plots import scatter_panels


def points_gan(num_channels: int = 2) -> GAN:
    keras.utils.set_random_seed(0)
    gan = GAN(MLPGenerator(num_channels, base_channels=4), MLPDiscriminator(num_channels, base_channels=4))
    gan.compile()
    return gan


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
