"""GANs small enough to train within a test."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.models import GAN
from tf_infomax.networks import ConvolutionalDiscriminator, ConvolutionalGenerator
from tf_infomax.objectives import AuxiliaryObjective, InfoMax

IMAGE_SHAPE = (16, 16, 1)
LATENT_DIM = 4


def tiny_gan(objectives: Sequence[AuxiliaryObjective] | None = None, **kwargs) -> GAN:
    """A convolutional GAN on grey 16 pixel images; with a small InfoMax unless objectives are given.

    `kwargs` are the networks' `dtype`, and what `GAN` takes. Equal arguments give equal weights.
    """
    keras.utils.set_random_seed(0)
    dtype = {"dtype": kwargs.pop("dtype")} if "dtype" in kwargs else {}
    size, _, channels = IMAGE_SHAPE
    generator = ConvolutionalGenerator(
        size, base_channels=8, latent_dim=LATENT_DIM, num_channels=channels, name="generator", **dtype
    )
    discriminator = ConvolutionalDiscriminator(
        size, base_channels=8, num_channels=channels, name="discriminator", **dtype
    )
    return GAN(generator, discriminator, [InfoMax(8, **dtype)] if objectives is None else objectives, **kwargs)


def random_images(num_images: int, seed: int = 0, shape: tuple[int, ...] = IMAGE_SHAPE) -> np.ndarray:
    """Uniform noise (N, H, W, C) float32 in [-1, 1]."""
    return np.random.default_rng(seed).uniform(-1, 1, (num_images, *shape)).astype(np.float32)


def batches(images: np.ndarray, batch_size: int) -> tf.data.Dataset:
    """A dataset of whole batches in order."""
    return tf.data.Dataset.from_tensor_slices(images).batch(batch_size, drop_remainder=True)


def values(variables: Sequence[keras.Variable]) -> list[np.ndarray]:
    """Copies of variables."""
    return [np.array(tf.convert_to_tensor(variable)) for variable in variables]


def all_state(gan: GAN) -> dict[str, list[np.ndarray]]:
    """Everything that training changes."""
    return {
        "weights": values(gan.weights),
        "generator_optimizer": values(gan.generator_optimizer.variables),
        "discriminator_optimizer": values(gan.discriminator_optimizer.variables),
    }
