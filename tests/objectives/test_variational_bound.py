"""The evidence lower bound: its terms and its draws."""

import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.generative import CODES, SEED, encoded
from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.losses import standard_normal_divergence
from tf_infomax.objectives import VariationalBound
from tf_infomax.objectives.variational_bound import draw_posterior


def small(**settings) -> VariationalBound:
    return VariationalBound(base_channels=4, fc_units=8, **settings)


def test_loss_is_the_sum_of_its_terms():
    batch, objective = encoded(small(beta=0.25))
    loss, logs = objective.loss(batch)
    assert set(logs) == set(objective.metric_names)
    assert float(loss) == pytest.approx(float(logs["reconstruction"] + 0.25 * logs["kl"]))
    log_variances = objective.log_variance(batch.features["fc"])
    expected = standard_normal_divergence(batch.features["output"], log_variances)
    assert float(logs["kl"]) == pytest.approx(float(expected)) and float(expected) > 0


def test_a_posterior_without_variance_is_reconstructed_from_its_mean():
    batch, objective = encoded(small())
    objective.log_variance.kernel.assign(tf.zeros_like(objective.log_variance.kernel))
    objective.log_variance.bias.assign(tf.fill([CODES], -60.0))
    decoded = []
    objective.decoder.call = lambda codes, training: (decoded.append(codes), batch.images)[1]
    assert float(objective.loss(batch)[1]["reconstruction"]) == 0.0
    np.testing.assert_allclose(decoded[0], batch.features["output"], rtol=1e-6)


def test_draws_follow_the_posterior():
    means = tf.repeat(tf.constant([[-3.0, 0.0, 2.0]]), 20_000, axis=0)
    deviations = np.array([0.1, 1.0, 2.0])
    draws = draw_posterior(means, tf.constant(2 * np.log(deviations), tf.float32), SEED).numpy()
    np.testing.assert_allclose(draws.mean(0), [-3.0, 0.0, 2.0], atol=0.05)
    np.testing.assert_allclose(draws.std(0), deviations, rtol=0.03)
    np.testing.assert_allclose(np.corrcoef(draws.T), np.eye(3), atol=0.03)


def test_replicas_draw_their_own_rows_of_one_draw(two_replicas):
    zeros = tf.zeros([3, CODES])
    draw = tf.function(lambda: draw_posterior(zeros, zeros, SEED), autograph=False)
    shares = two_replicas.experimental_local_results(two_replicas.run(draw))
    whole = tf.zeros([6, CODES])
    np.testing.assert_array_equal(np.concatenate(shares), draw_posterior(whole, whole, SEED))


def test_two_replicas_have_the_divergence_of_one(two_replicas):
    batch, alone = encoded(small())
    with two_replicas.scope():
        _, objective = encoded(small())
    for variable, other in zip(objective.variables, alone.variables, strict=True):
        variable.assign(other)

    def replica_loss():
        rows = slice(3 * distribution.replica_id(), 3 * distribution.replica_id() + 3)
        features = {name: feature[rows] for name, feature in batch.features.items()}
        return objective.loss(batch._replace(features=features, images=batch.images[rows]))[0]

    losses = two_replicas.experimental_local_results(two_replicas.run(tf.function(replica_loss, autograph=False)))
    assert np.mean(losses) == pytest.approx(float(alone.loss(batch)[0]), rel=1e-5)


def test_encoder_and_heads_have_gradients():
    batch, objective = encoded(small())
    with tf.GradientTape() as tape:
        tape.watch(batch.features)
        loss, _ = objective.loss(batch)
    gradients = tape.gradient(loss, [*batch.features.values(), *objective.trainable_variables])
    assert all(np.abs(gradient).max() > 0 for gradient in gradients)


def test_a_beta_that_is_not_positive():
    with pytest.raises(InputError, match="`beta` must be positive. Received: 0.0"):
        VariationalBound(beta=0)
