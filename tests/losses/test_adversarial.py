import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.losses import ADVERSARIAL_LOSSES, adversarial_loss

NAMES = sorted(ADVERSARIAL_LOSSES)


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


def test_every_loss_is_tested():
    assert set(EXPECTED) == set(ADVERSARIAL_LOSSES)


@pytest.mark.parametrize("name", NAMES)
def test_formulas(name, logits):
    real, fake = logits
    losses, (discriminator, generator) = adversarial_loss(name), EXPECTED[name]
    assert float(losses.discriminator(real, fake)) == pytest.approx(discriminator(real, fake), rel=1e-5)
    assert float(losses.generator(fake)) == pytest.approx(generator(fake), rel=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_losses_are_means(name, logits):
    real, fake = logits
    losses, twice = adversarial_loss(name), [np.concatenate([x, x]) for x in logits]
    assert float(losses.discriminator(*twice)) == pytest.approx(float(losses.discriminator(real, fake)), rel=1e-6)
    assert float(losses.generator(twice[1])) == pytest.approx(float(losses.generator(fake)), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_players_pull_apart(name, logits):
    losses = adversarial_loss(name)
    d_real, d_fake = gradient(losses.discriminator, *logits)
    (d_generator,) = gradient(losses.generator, logits[1])
    assert np.all(d_real <= 0) and np.any(d_real < 0)
    assert np.all(d_fake >= 0) and np.any(d_fake > 0)
    assert np.all(d_generator < 0)


def test_hinge_stops_outside_the_margin():
    real, fake = np.float32([[2.0], [0.5]]), np.float32([[-3.0], [-0.5]])
    d_real, d_fake = gradient(adversarial_loss("hinge").discriminator, real, fake)
    np.testing.assert_array_equal(d_real, [[0.0], [-0.5]])
    np.testing.assert_array_equal(d_fake, [[0.0], [0.5]])


def test_logistic_games_at_zero_logits():
    zeros = tf.zeros([4, 1])
    minimax, non_saturating = adversarial_loss("minimax"), adversarial_loss("non_saturating")
    for losses in (minimax, non_saturating):
        assert float(losses.discriminator(zeros, zeros)) == pytest.approx(2 * np.log(2))
    assert float(minimax.generator(zeros)) == pytest.approx(-np.log(2))
    assert float(non_saturating.generator(zeros)) == pytest.approx(np.log(2))
    (d_minimax,), (d_non_saturating,) = gradient(minimax.generator, zeros), gradient(non_saturating.generator, zeros)
    np.testing.assert_allclose(d_minimax, d_non_saturating)


def test_minimax_saturates_where_non_saturating_does_not():
    rejected = tf.fill([1, 1], -20.0)
    (d_minimax,) = gradient(adversarial_loss("minimax").generator, rejected)
    (d_non_saturating,) = gradient(adversarial_loss("non_saturating").generator, rejected)
    assert abs(float(d_minimax[0, 0])) < 1e-8
    assert float(d_non_saturating[0, 0]) == pytest.approx(-1.0)


@pytest.mark.parametrize("name", NAMES)
def test_extreme_logits_are_finite(name):
    losses, extreme = adversarial_loss(name), tf.constant([[-1e4], [1e4]])
    values = [losses.discriminator(extreme, -extreme), losses.generator(extreme)]
    assert np.all(np.isfinite(values))


def test_unknown_name():
    with pytest.raises(InputError, match="hinge, non_saturating, minimax, wasserstein. Received: hing$"):
        adversarial_loss("hing")
