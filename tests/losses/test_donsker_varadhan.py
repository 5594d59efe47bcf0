"""The Donsker-Varadhan bound, against numpy and against the information of correlated Gaussians."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.losses import donsker_varadhan_lower_bound

CORRELATION = 0.5
INFORMATION = -0.5 * math.log(1 - CORRELATION**2)
NUM_PAIRS = 16_384
SAMPLING_ERROR = 0.02
"""Over four standard errors: T has a deviation of 0.5 on pairs, exp(T) one of 0.58 on shuffled ones."""


def correlated_pairs(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (N, 2) of two standard normals that are correlated, and others of two that are not."""
    x, noise, other = np.random.default_rng(seed).normal(size=(3, NUM_PAIRS)).astype(np.float32)
    z = CORRELATION * x + math.sqrt(1 - CORRELATION**2) * noise
    return np.stack([x, z], axis=1), np.stack([x, other], axis=1)


def log_density_ratio(pairs: np.ndarray) -> np.ndarray:
    """`log p(x, z) / (p(x) p(z))`, the best T there is."""
    x, z = pairs.T
    scale = CORRELATION / (2 * (1 - CORRELATION**2))
    return INFORMATION + scale * (2 * x * z - CORRELATION * (x**2 + z**2))


def bound(joint: np.ndarray, marginal: np.ndarray) -> float:
    return float(donsker_varadhan_lower_bound(tf.constant(joint), tf.constant(marginal)))


@pytest.mark.parametrize("score", [0.0, 3.5, -700.0])
def test_equal_scores_give_zero(score):
    assert bound(np.full((5, 1), score, np.float32), np.full((7, 1), score, np.float32)) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("shapes", [((6,), (6,)), ((6, 1), (6, 1)), ((6, 1), (2, 9))])
def test_numpy(shapes):
    joint, marginal = (np.random.default_rng(i).normal(size=shape, scale=2.0) for i, shape in enumerate(shapes))
    expected = joint.mean() - np.log(np.exp(marginal).mean())
    assert bound(joint, marginal) == pytest.approx(expected, rel=1e-12)
    assert bound(joint.astype(np.float32), marginal.astype(np.float32)) == pytest.approx(expected, rel=1e-5)


def test_scores_in_the_hundreds():
    scores = [tf.constant(np.random.default_rng(i).normal(size=8, scale=300.0)) for i in range(2)]
    with tf.GradientTape() as tape:
        tape.watch(scores)
        value = donsker_varadhan_lower_bound(*scores)
    assert abs(float(value)) > 100 and np.all(np.isfinite([value, *map(np.sum, tape.gradient(value, scores))]))


def test_gradients_by_hand():
    joint, marginal = tf.constant([[0.2], [-1.0]]), tf.constant([[0.0], [math.log(3.0)]])
    with tf.GradientTape() as tape:
        tape.watch([joint, marginal])
        value = donsker_varadhan_lower_bound(joint, marginal)
    gradients = tape.gradient(value, [joint, marginal])
    np.testing.assert_allclose(gradients[0], [[0.5], [0.5]], rtol=1e-6)
    np.testing.assert_allclose(gradients[1], [[-0.25], [-0.75]], rtol=1e-6)


def test_a_constant_in_the_scores_has_no_gradient():
    shift = tf.Variable(1.5)
    joint, marginal = (tf.constant(log_density_ratio(pairs[:64])) for pairs in correlated_pairs())
    with tf.GradientTape() as tape:
        value = donsker_varadhan_lower_bound(joint + shift, marginal + shift)
    assert float(value) == pytest.approx(float(donsker_varadhan_lower_bound(joint, marginal)), abs=1e-6)
    assert float(tape.gradient(value, shift)) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_scores_give_the_information(seed):
    assert bound(*map(log_density_ratio, correlated_pairs(seed))) == pytest.approx(INFORMATION, abs=SAMPLING_ERROR)


@pytest.mark.parametrize("factor", [0.0, 0.4, 1.8, 3.0])
def test_other_scores_give_less(factor):
    assert bound(*(factor * log_density_ratio(pairs) for pairs in correlated_pairs())) < INFORMATION - 0.01


def test_scores_that_were_trained_do_not_give_more():
    network = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, use_bias=False)])
    optimizer = keras.optimizers.Adam(0.03)
    joint, marginal = map(tf.constant, correlated_pairs())
    network(joint)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = -donsker_varadhan_lower_bound(network(joint), network(marginal))
        gradients = tape.gradient(loss, [variable.value for variable in network.trainable_variables])
        optimizer.apply(gradients, network.trainable_variables)
        return -loss

    estimates = [float(step()) for _ in range(100)]
    assert max(estimates) < INFORMATION + SAMPLING_ERROR
    fresh = float(donsker_varadhan_lower_bound(*map(network, correlated_pairs(seed=1))))
    assert 0.7 * INFORMATION < fresh < INFORMATION + SAMPLING_ERROR
