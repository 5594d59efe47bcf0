"""Maxout: a layer that learns its activation."""

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_positive
from tf_infomax.layers.initializers import kaiming_kernel
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class Maxout(keras.layers.Layer):
    """Maps features (..., F) to (..., U): each unit is the largest of P linear maps of its own.

    `h_i(x) = max_j (x^T W_{.ij} + b_ij)`. All maps are one kernel (F, P * U), the units of a piece side by side, with
    biases (P * U,).

    With zero biases the kinks of all units pass through the origin, in the layers above as well: until training has
    moved the biases, a network tells only directions apart. Biases drawn over the range of the inputs spread the kinks
    over the inputs.

    Args:
        units: Size of the output (U).
        num_pieces: Linear maps of each unit (P).
        bias_range: Biases start uniform in [-bias_range, bias_range].

    Raises:
        InputError: A size is below 1, or the range is negative.

    Source: Goodfellow et al., ICML 2013, Eq. 1-2.
    """

    def __init__(self, units: int, num_pieces: int = 5, *, bias_range: float = 0.0, **kwargs) -> None:
        super().__init__(**kwargs)
        check_positive(units=units, num_pieces=num_pieces)
        if bias_range < 0:
            raise InputError(f"`bias_range` must not be negative. Received: {bias_range}")
        self.units = units
        self.bias_range = bias_range
        self.num_pieces = num_pieces

    def build(self, input_shape) -> None:
        width = self.num_pieces * self.units
        self.kernel = self.add_weight(shape=(input_shape[-1], width), initializer=kaiming_kernel(), name="kernel")
        biases = keras.initializers.RandomUniform(-self.bias_range, self.bias_range)
        self.bias = self.add_weight(shape=(width,), initializer=biases, name="bias")

    def call(self, features: Tensor) -> Tensor:
        maps = tf.matmul(features, self.kernel) + self.bias  # (..., P * U)
        shape = tf.concat([tf.shape(maps)[:-1], [self.num_pieces, self.units]], axis=0)
        return tf.reduce_max(tf.reshape(maps, shape), axis=-2)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}
