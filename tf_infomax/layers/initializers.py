"""Initial values of kernels and biases as in the authors' library."""

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
