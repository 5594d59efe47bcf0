import numpy as np
import pytest
import tensorflow as tf

from tf_infomax import losses

GAMES = {
    "hinge": (losses.hinge_discriminator_loss, losses.linear_generator_loss),
    "minimax": (losses.minimax_discriminator_loss, losses.minimax_generator_loss),
    "non_saturating": (losses.minimax_discriminator_loss, losses.non_saturating_generator_loss),
    "wasserstein": (losses.wasserstein_discriminator_loss, losses.linear_generator_loss),
}
"""Pairs that are played together."""


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


EXPECTED = {
    "hinge": (
        lambda real, fake: np.mean(np.maximum(0, 1 - real)) + np.mean(np.maximum(0, 1 + fake)),
        lambda fake: -np.mean(fake),
    ),
    "minimax": (
        lambda real, fake: -np.mean(np.log(sigmoid(real))) - np.mean(np.log(1 - sigmoid(fake))),
        lambda fake: np.mean(np.log(1 - sigmoid(fake))),
    ),
    "non_saturating": (
        lambda real, fake: -np.mean(np.log(sigmoid(real))) - np.mean(np.log(1 - sigmoid(fake))),
        lambda fake: -np.mean(np.log(sigmoid(fake))),
    ),
    "wasserstein": (
        lambda real, fake: np.mean(fake) - np.mean(real),
        lambda fake: -np.mean(fake),
    ),
}


@pytest.fixture
def logits() -> tuple[np.ndarray, np.ndarray]:
    real, fake = np.random.default_rng(0).normal(size=(2, 32, 1), scale=2.0).astype(np.float32)
    return real, fake


def gradient(function, *arguments):
    arguments = [tf.constant(argument) for argument in arguments]
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        loss = function(*arguments)
    return tape.gradient(loss, arguments)


@pytest.mark.parametrize("name", GAMES)
def test_formulas(name, logits):
    real, fake = logits
    (discriminator, generator), (expected_discriminator, expected_generator) = GAMES[name], EXPECTED[name]
    assert float(discriminator(real, fake)) == pytest.approx(expected_discriminator(real, fake), rel=1e-5)
    assert float(generator(fake)) == pytest.approx(expected_generator(fake), rel=1e-5)


@pytest.mark.parametrize("name", GAMES)
def test_losses_are_means(name, logits):
    real, fake = logits
    (discriminator, generator), twice = GAMES[name], [np.concatenate([x, x]) for x in logits]
    assert float(discriminator(*twice)) == pytest.approx(float(discriminator(real, fake)), rel=1e-6)
    assert float(generator(twice[1])) == pytest.approx(float(generator(fake)), rel=1e-6)


@pytest.mark.parametrize("name", GAMES)
def test_players_pull_apart(name, logits):
    discriminator, generator = GAMES[name]
    d_real, d_fake = gradient(discriminator, *logits)
    (d_generator,) = gradient(generator, logits[1])
    assert np.all(d_real <= 0) and np.any(d_real < 0)
    assert np.all(d_fake >= 0) and np.any(d_fake > 0)
    assert np.all(d_generator < 0)


def test_hinge_stops_outside_the_margin():
    real, fake = np.float32([[2.0], [0.5]]), np.float32([[-3.0], [-0.5]])
    d_real, d_fake = gradient(losses.hinge_discriminator_loss, real, fake)
    np.testing.assert_array_equal(d_real, [[0.0], [-0.5]])
    np.testing.assert_array_equal(d_fake, [[0.0], [0.5]])


def test_logistic_games_at_zero_logits():
    zeros = tf.zeros([4, 1])
    minimax, non_saturating = losses.minimax_generator_loss, losses.non_saturating_generator_loss
    assert float(losses.minimax_discriminator_loss(zeros, zeros)) == pytest.approx(2 * np.log(2))
    assert float(minimax(zeros)) == pytest.approx(-np.log(2))
    assert float(non_saturating(zeros)) == pytest.approx(np.log(2))
    (d_minimax,), (d_non_saturating,) = gradient(minimax, zeros), gradient(non_saturating, zeros)
    np.testing.assert_allclose(d_minimax, d_non_saturating)


def test_minimax_saturates_where_non_saturating_does_not():
    rejected = tf.fill([1, 1], -20.0)
    (d_minimax,) = gradient(losses.minimax_generator_loss, rejected)
    (d_non_saturating,) = gradient(losses.non_saturating_generator_loss, rejected)
    assert abs(float(d_minimax[0, 0])) < 1e-8
    assert float(d_non_saturating[0, 0]) == pytest.approx(-1.0)


@pytest.mark.parametrize("name", GAMES)
def test_extreme_logits_are_finite(name):
    (discriminator, generator), extreme = GAMES[name], tf.constant([[-1e4], [1e4]])
    values = [discriminator(extreme, -extreme), generator(extreme)]
    assert np.all(np.isfinite(values))
