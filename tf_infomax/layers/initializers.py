"""Initial values of kernels and biases as in the papers' networks."""

import math
from collections.abc import Callable

import keras
import tensorflow as tf

from tf_infomax.types import Tensor


def residual_kernel() -> keras.initializers.Initializer:
    """Xavier uniform with gain sqrt(2), for 3x3 convolutions inside residual blocks."""
    return keras.initializers.VarianceScaling(2.0, "fan_avg", "uniform")


def xavier_kernel() -> keras.initializers.Initializer:
    """Xavier uniform with gain 1, for everything else."""
    return keras.initializers.GlorotUniform()


def dcgan_kernel() -> keras.initializers.Initializer:
    """Normal with standard deviation 0.02, for the DCGAN pair."""
    return keras.initializers.RandomNormal(stddev=0.02)


def kaiming_kernel() -> keras.initializers.Initializer:
    """Normal with variance 2 / fan_in, which keeps the scale of activations from one ReLU layer to the next.

    For a transposed convolution Keras, like PyTorch, takes the output channels times the area of the kernel as fan_in.

    Source: He et al., ICCV 2015, Eq. 10.
    """
    return keras.initializers.VarianceScaling(2.0, "fan_in", "untruncated_normal")


def fan_in_bias(fan_in: int) -> keras.initializers.Initializer:
    """U(-1/sqrt(fan_in), 1/sqrt(fan_in)), PyTorch's default for biases."""
    limit = 1.0 / math.sqrt(fan_in)
    return keras.initializers.RandomUniform(-limit, limit)


def unit_vector() -> Callable[[tuple[int, ...], str], Tensor]:
    """A direction drawn uniformly: a normalised N(0, 1) vector."""
    normal = keras.initializers.RandomNormal(stddev=1.0)

    def initialize(shape: tuple[int, ...], dtype: str) -> Tensor:
        return tf.math.l2_normalize(normal(shape, dtype=dtype))

    return initialize


def unit_rows() -> Callable[[tuple[int, ...], str], Tensor]:
    """Rows (N, D) drawn uniformly from the sphere: normalised N(0, 1) vectors."""
    normal = keras.initializers.RandomNormal(stddev=1.0)

    def initialize(shape: tuple[int, ...], dtype: str) -> Tensor:
        return tf.math.l2_normalize(normal(shape, dtype=dtype), axis=-1)

    return initialize


def class_scales_and_offsets() -> Callable[[tuple[int, ...], str], Tensor]:
    """Rows [gamma | beta] for each class (K, 2C): gamma normal with mean 1 and standard deviation 0.02, beta 0."""
    normal = keras.initializers.RandomNormal(mean=1.0, stddev=0.02)

    def initialize(shape: tuple[int, ...], dtype: str) -> Tensor:
        scales = normal((shape[0], shape[1] // 2), dtype=dtype)
        return tf.concat([scales, tf.zeros_like(scales)], axis=-1)

    return initialize
