"""Adversarial inference: its game, and who trains on which loss."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.generative import encoded
from tests.tiny import random_images, values
from tf_infomax.models import DeepInfoMax
from tf_infomax.networks import ConvolutionalEncoder
from tf_infomax.objectives import AdversarialInference

ZEROS = 2 * math.log(2)


def small() -> AdversarialInference:
    return AdversarialInference(base_channels=4, fc_units=8)


def with_logits(objective: AdversarialInference, encoder_logit: float, generator_logit: float) -> list:
    """Replaces the discriminator's answers; returns the list of the pairs it is asked about."""
    seen: list = []

    def call(images, codes, training):
        seen.append((images.numpy(), codes.numpy()))
        half = len(images) // 2
        return tf.reshape([encoder_logit] * half + [generator_logit] * half, [-1, 1])

    objective.discriminator.call = call
    return seen


def test_losses_of_a_discriminator_that_knows_nothing():
    batch, objective = encoded(small())
    with_logits(objective, 0.0, 0.0)
    assert float(objective.critic_loss(batch)) == pytest.approx(ZEROS)
    assert float(objective.loss(batch)[0]) == pytest.approx(ZEROS)


def test_losses_of_a_discriminator_that_tells_them_apart_are_finite():
    batch, objective = encoded(small())
    with_logits(objective, 1e4, -1e4)
    assert float(objective.critic_loss(batch)) == 0.0
    assert float(objective.loss(batch)[0]) == pytest.approx(2e4)


def test_pairs():
    batch, objective = encoded(small(), batch_size=500)
    seen = with_logits(objective, 0.0, 0.0)
    objective.loss(batch)
    ((images, codes),) = seen
    np.testing.assert_array_equal(images[:500], batch.images)
    np.testing.assert_array_equal(codes[:500], batch.features["output"])
    latents = codes[500:]
    assert (latents.mean(), latents.std()) == pytest.approx((0.0, 1.0), abs=0.1)
    np.testing.assert_allclose(images[500:], objective.generator(latents, training=True), atol=1e-5)


def tiny_model() -> DeepInfoMax:
    encoder = ConvolutionalEncoder(28, num_channels=1, base_channels=4, fc_units=8, output_dim=4)
    model = DeepInfoMax(encoder, [small()])
    model.compile()
    return model


def test_the_discriminator_trains_against_encoder_and_generator():
    model = tiny_model()
    (objective,) = model.objectives
    parts = {
        "encoder": model.encoder.trainable_variables,
        "generator": objective.generator.trainable_variables,
        "discriminator": objective.discriminator.trainable_variables,
    }

    def trained_by(update) -> set[str]:
        """Parts of which a variable changes."""
        before = {part: values(variables) for part, variables in parts.items()}
        update()
        pairs = {part: zip(values(parts[part]), old, strict=True) for part, old in before.items()}
        return {part for part, both in pairs.items() if any(np.any(new != was) for new, was in both)}

    step, images = tf.constant(0), tf.constant(random_images(8, shape=(28, 28, 1)))
    batch, _ = model._update_encoder(images, None, step)
    assert trained_by(lambda: model._update_encoder(images, None, step)) == {"encoder", "generator"}
    assert trained_by(lambda: model._update_critics(batch, step)) == {"discriminator"}
    assert {id(v) for v in model.critic_variables} == {id(v) for v in parts["discriminator"]}
