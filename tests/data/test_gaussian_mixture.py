import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from tf_infomax.data.gaussian_mixture import MIXTURES, GaussianMixture, grid, mixture_source, ring
from tf_infomax.errors import InputError

NUM_SAMPLES = 20_000


def test_ring_by_hand():
    np.testing.assert_allclose(ring(4, 2.0).means, [[2, 0], [0, 2], [-2, 0], [0, -2]], atol=1e-12)
    means, half = ring().means, np.sqrt(0.5)
    assert means.shape == (8, 2)
    np.testing.assert_allclose(means[:3], [[1, 0], [half, half], [0, 1]], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(means, axis=1), 1.0)


def test_grid_by_hand():
    np.testing.assert_array_equal(grid(2, 3.0).means, [[-1.5, -1.5], [-1.5, 1.5], [1.5, -1.5], [1.5, 1.5]])
    means = grid().means
    assert {tuple(mean) for mean in means} == {(x, y) for x in range(-4, 5, 2) for y in range(-4, 5, 2)}
    assert means.shape == (25, 2)


def test_the_mixtures_of_the_paper():
    assert {name: (len(m.means), m.std, m.name) for name, m in MIXTURES.items()} == {
        "ring": (8, 0.05, "ring"),
        "grid": (25, 0.05, "grid"),
    }


@pytest.mark.parametrize("name", MIXTURES)
def test_samples_have_the_distribution(name):
    mixture = MIXTURES[name]
    points, components = mixture.sample(NUM_SAMPLES, seed=3)
    assert (points.dtype, points.shape) == (np.float32, (NUM_SAMPLES, 2))
    assert (components.dtype, components.shape) == (np.int64, (NUM_SAMPLES,))
    counts = np.bincount(components, minlength=len(mixture.means))
    assert stats.chisquare(counts).pvalue > 1e-3
    assert counts.std() > 1, "independent draws are not equally often in each component"
    noise = (points - mixture.means[components]) / mixture.std
    for axis in range(2):
        assert stats.kstest(noise[:, axis], "norm").pvalue > 1e-3
    assert abs(np.corrcoef(noise.T)[0, 1]) < 4 / np.sqrt(NUM_SAMPLES)


def test_a_point_lies_at_its_own_component():
    mixture = GaussianMixture("line", np.array([[0.0, 0.0, 0.0], [9.0, 9.0, 9.0]]), 0.01)
    points, components = mixture.sample(50, seed=0)
    assert points.shape == (50, 3) and set(components) == {0, 1}
    np.testing.assert_array_equal((points > 4.5).all(axis=1), components == 1)


def test_the_seed_decides():
    first, same, other = (ring().sample(10, seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.isin(first, other).any()


@pytest.mark.parametrize("name, num_classes", [("ring", 8), ("grid", 25)])
def test_source(name, num_classes):
    source = mixture_source(name, split="train")
    assert (source.name, source.split, source.num_images) == (name, "train", 100_000)
    assert (source.image_shape, source.num_classes) == ((2,), num_classes)
    points, labels = source.read(tf.range(200, dtype=tf.int64))
    assert (points.dtype, labels.dtype) == (tf.float32, tf.int64)
    distances = np.linalg.norm(points.numpy() - MIXTURES[name].means[labels.numpy()], axis=1)
    assert distances.max() < 6 * 0.05, "the label of a point is its component"


def test_splits_share_no_point():
    train, again, test = (mixture_source("ring", split=s, num_samples=500) for s in ("train", "train", "test"))
    points = [source.sample_real(500, seed=0) for source in (train, again, test)]
    np.testing.assert_array_equal(points[0], points[1])
    assert not np.isin(points[0], points[2]).any()


def test_a_mixture_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        ring().std = 1.0


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: ring(0), r"`means` must .* not empty. Received: shape \(0, 2\)"),
        (lambda: grid(0), r"`means` must .* Received: shape \(0, 2\)"),
        (lambda: GaussianMixture("flat", np.zeros(3), 1.0), r"\(K, D\).* Received: shape \(3,\)"),
        (lambda: ring(std=0.0), "`std` must be positive. Received: 0.0"),
        (lambda: ring(std=float("nan")), "`std` must be positive. Received: nan"),
        (lambda: ring().sample(0, seed=0), "`num_samples` must be at least 1. Received: 0"),
        (lambda: mixture_source("disc", split="train"), "must be one of ring, grid. Received: disc"),
        (lambda: mixture_source("ring", split="all"), "'ring' has the splits train, test. Received: 'all'"),
    ],
)
def test_refused(build, message):
    with pytest.raises(InputError, match=message):
        build()
