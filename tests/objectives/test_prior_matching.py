"""Prior matching: its game, and finite losses."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.test_encoder_infomax import built, encoded
from tf_infomax.errors import InputError
from tf_infomax.objectives import PriorMatching

ZEROS = 2 * math.log(2)


def constant_critic(objective: PriorMatching, logit: float) -> PriorMatching:
    for variable in objective.trainable_variables:
        variable.assign(tf.zeros_like(variable))
    objective.discriminator.linear_layers[-1].bias.assign([logit])
    return objective


def test_losses_of_a_critic_that_knows_nothing():
    batch = encoded()
    objective = constant_critic(built(PriorMatching(), batch), 0.0)
    assert float(objective.critic_loss(batch)) == pytest.approx(ZEROS)
    assert float(objective.loss(batch)[0]) == pytest.approx(ZEROS / 2)


@pytest.mark.parametrize("logit", [-1e4, 1e4])
def test_losses_of_a_certain_critic_are_finite(logit):
    batch = encoded()
    objective = constant_critic(built(PriorMatching(), batch), logit)
    values = float(objective.critic_loss(batch)), float(objective.loss(batch)[0])
    assert np.isfinite(values).all()
    assert values == pytest.approx((1e4, 1e4 if logit < 0 else 0.0))


def test_layers_of_table_10():
    objective = built(PriorMatching(), encoded())
    layers = objective.discriminator.linear_layers
    assert [tuple(layer.kernel.shape) for layer in layers] == [(4, 1000), (1000, 200), (200, 1)]


@pytest.mark.parametrize("prior, draws", [("uniform", (0.5, 12**-0.5)), ("normal", (0.0, 1.0))])
def test_priors(prior, draws):
    batch = encoded(batch_size=4000)
    objective = built(PriorMatching(prior=prior, hidden_units=(4,)), batch)
    seen = []
    objective.discriminator.call = lambda values: (seen.append(values), tf.zeros([len(values), 1]))[1]
    objective.critic_loss(batch)
    targets, outputs = (np.array(values) for values in seen)
    assert (targets.mean(), targets.std()) == pytest.approx(draws, abs=0.02)
    expected = batch.features["output"].numpy()
    np.testing.assert_allclose(outputs, 1 / (1 + np.exp(-expected)) if prior == "uniform" else expected, rtol=1e-5)


def test_unknown_prior():
    with pytest.raises(InputError, match="must be one of uniform, normal. Received: sphere"):
        PriorMatching(prior="sphere")
