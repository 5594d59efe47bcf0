"""The contractive penalty, against gradients known by hand."""

import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.test_gradient_penalty import SEED, Critic, batch_between, batch_of
from tf_infomax.errors import InputError
from tf_infomax.networks import ConvolutionalDiscriminator
from tf_infomax.objectives import ContractivePenalty, DiscriminatorBatch

RNG = np.random.default_rng(0)


def test_of_a_linear_critic():
    """Its gradient is its kernel everywhere: the penalty is half of the squared norm, and its gradient the kernel."""
    critic = Critic(RNG.normal(size=[8, 8, 1]).astype(np.float32))
    with tf.GradientTape() as tape:
        loss, logs = ContractivePenalty().discriminator_loss(critic, batch_of(5))
    square = float(np.sum(np.square(critic.kernel)))
    assert float(loss) == pytest.approx(square / 2, rel=1e-5)
    assert float(logs["gradient_norm"]) == pytest.approx(square**0.5, rel=1e-5)
    np.testing.assert_allclose(tape.gradient(loss, critic.kernel), critic.kernel, rtol=1e-5)


def test_of_a_square_on_real_images_alone():
    """D(x) = sum((x w)^2) has the gradient 2 w^2 x: at the real images, wherever the generated ones are."""
    critic = Critic(RNG.normal(size=[8, 8, 1]).astype(np.float32), tf.square)
    real = RNG.normal(size=[3, 8, 8, 1]).astype(np.float32)
    gradients = 2 * np.square(critic.kernel) * real
    expected = 0.5 * np.mean(np.sum(np.square(gradients), axis=(1, 2, 3)))
    for fake in (np.zeros_like(real), 100 * np.ones_like(real)):
        loss, _ = ContractivePenalty().discriminator_loss(critic, batch_between(real, fake))
        assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_conditional_discriminators_see_the_labels():
    discriminator = ConvolutionalDiscriminator(8, base_channels=8, num_channels=1, num_classes=3, spectral_norm=False)
    images = tf.constant(RNG.normal(size=[4, 8, 8, 1]).astype(np.float32))
    discriminator(images, tf.zeros([4], tf.int64))

    def norm(label: int) -> float:
        labels = tf.fill([4], tf.constant(label, tf.int64))
        batch = DiscriminatorBatch(tf.zeros([4, 2]), images, {}, images, {}, SEED, labels)
        return float(ContractivePenalty().discriminator_loss(discriminator, batch)[1]["gradient_norm"])

    assert norm(0) != pytest.approx(norm(1), rel=1e-4)


def test_weights():
    assert (
        ContractivePenalty().discriminator_weight == 10.0
        and "generator_weight" not in ContractivePenalty().get_config()
    )
    with pytest.raises(InputError, match="must not be negative. Received: -1"):
        ContractivePenalty(discriminator_weight=-1.0)
