"""Tiny GANs, batches and stub discriminators for the tests of objectives."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tests.tiny import TinyDiscriminator, TinyGenerator, random_images
from tf_infomax.models import GAN
from tf_infomax.objectives import AuxiliaryObjective, DiscriminatorBatch

BATCH = 8
SEED = tf.constant([0, 0])


@keras.saving.register_keras_serializable(package="tests")
class MapsDiscriminator(TinyDiscriminator):
    """The tiny discriminator, with its maps among the outputs: `block0` (B, 4, 4, 6) and `block1` (B, 2, 2, 8)."""

    def call(self, images, training=False):
        features = super().call(images, training=training)
        block1 = tf.nn.avg_pool2d(tf.nn.leaky_relu(self.conv1(features["local_features"])), 2, 2, "SAME")
        return {**features, "block0": features["local_features"], "block1": block1}


class LabelledDiscriminator(keras.Model):
    """`D(x, y) = sum(x * scale[y])`; keeps the labels that it was called with."""

    def __init__(self, scale: Sequence[float]) -> None:
        super().__init__()
        self.num_classes = len(scale)
        self.scale = tf.constant(scale, tf.float32)
        self.seen: list[list[int]] = []

    def call(self, images, labels=None, training=False):
        self.seen.append([int(label) for label in labels])
        total = tf.reduce_sum(images, axis=[1, 2, 3]) * tf.gather(self.scale, labels)
        return {"logits": total[:, None], "global_features": tf.reshape(images, [images.shape[0], -1])}


def small_gan(
    objectives: Sequence[AuxiliaryObjective], discriminator: type[keras.Model] = TinyDiscriminator, **dtype
) -> GAN:
    """A tiny GAN; equal arguments give equal weights."""
    keras.utils.set_random_seed(0)
    gan = GAN(TinyGenerator(name="generator", **dtype), discriminator(name="discriminator", **dtype), objectives)
    for _ in range(5):  # power iterations: before them sigma is anything, and features in the thousands hide errors
        gan.discriminator(random_images(2), training=True)
    return gan


def real_and_fake(gan: GAN, num_images: int = BATCH, **fields) -> DiscriminatorBatch:
    """The batch of a discriminator update."""
    fake, real = (tf.constant(random_images(num_images, seed)) for seed in (1, 0))
    features = [gan.discriminator(images) for images in (fake, real)]
    latents = tf.zeros([num_images, gan.generator.latent_dim])
    return DiscriminatorBatch(latents, fake, features[0], real, features[1], **{"seed": SEED, **fields})


def trained(gan: GAN) -> dict[str, float]:
    """Makes two training steps, outside of a `tf.function`, and returns the logs of the last."""
    gan.compile(discriminator_steps=2, discriminator_optimizer=keras.optimizers.SGD(0.05))
    for seed in range(2):
        logs = gan.train_step(tf.constant(random_images(2 * BATCH, seed)))
    return {name: float(value) for name, value in logs.items()}
