"""MINE and the neural dependency measure on Gaussians, whose information is known."""

import math

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation import mutual_information_estimate, neural_dependency

NUM_ROWS = 4000


def correlated(correlation: float, num_dimensions: int) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Pairs of Gaussian vectors with correlated components, for training and for test."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(2 * NUM_ROWS, num_dimensions))
    codes = correlation * inputs + math.sqrt(1 - correlation**2) * rng.normal(size=inputs.shape)
    pairs = inputs.astype(np.float32), codes.astype(np.float32)
    return tuple(part[:NUM_ROWS] for part in pairs), tuple(part[NUM_ROWS:] for part in pairs)


@pytest.mark.parametrize("correlation, num_dimensions", [(0.8, 1), (0.9, 2)])
def test_information_of_correlated_gaussians(correlation, num_dimensions):
    analytic = -0.5 * num_dimensions * math.log(1 - correlation**2)
    train, test = correlated(correlation, num_dimensions)
    estimate = mutual_information_estimate(train, test, hidden_units=64, steps=1500, batch_size=256)
    assert estimate == pytest.approx(analytic, rel=0.15)


def test_information_of_independent_vectors_is_not_made_up():
    train, test = correlated(0.0, 2)
    assert abs(mutual_information_estimate(train, test, hidden_units=64, steps=500)) < 0.05


def test_what_a_network_remembers_of_few_rows_is_not_counted():
    rng = np.random.default_rng(0)
    train, test = ([rng.normal(size=[rows, 20]).astype(np.float32) for _ in range(2)] for rows in (60, 1000))
    assert abs(mutual_information_estimate(tuple(train), tuple(test), hidden_units=256, steps=300)) < 0.2


def test_information_of_images():
    """A code that is the mean of an image, with noise: through convolutions, and close to the analytic value."""
    rng = np.random.default_rng(0)
    means = rng.normal(scale=0.3, size=(2 * NUM_ROWS, 1)).astype(np.float32)
    images = np.tile(means[:, :, None, None], (1, 8, 8, 1))
    codes = means + rng.normal(scale=0.1, size=means.shape).astype(np.float32)
    pairs = [(images[rows], codes[rows]) for rows in (slice(NUM_ROWS), slice(NUM_ROWS, None))]
    analytic = 0.5 * math.log(1 + (0.3 / 0.1) ** 2)
    estimate = mutual_information_estimate(*pairs, hidden_units=64, base_channels=4, steps=800)
    assert estimate == pytest.approx(analytic, rel=0.2)


def test_dependency_of_correlated_numbers():
    correlation = 0.9
    analytic = -0.5 * math.log(1 - correlation**2)  # the total correlation of two numbers is their information
    train, test = (np.concatenate(pair, axis=1) for pair in correlated(correlation, 1))
    estimate = neural_dependency(train, test, hidden_units=(64,), steps=1500)
    assert estimate == pytest.approx(analytic, rel=0.15)


def test_dependency_of_independent_numbers_is_near_zero():
    codes = np.random.default_rng(0).uniform(size=(2 * NUM_ROWS, 6)).astype(np.float32)
    assert abs(neural_dependency(codes[:NUM_ROWS], codes[NUM_ROWS:], steps=500)) < 0.05


def test_pairs_must_match():
    train, test = correlated(0.5, 1)
    with pytest.raises(InputError, match="same length. Received: 4000 and 10"):
        mutual_information_estimate((train[0], train[1][:10]), test)
