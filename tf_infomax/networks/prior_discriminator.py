"""The discriminator of prior matching."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.layers.initializers import fan_in_bias, xavier_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class PriorDiscriminator(keras.layers.Layer):
    """Maps vectors (B, Y) to logits (B, 1), large for a prior's samples; float32 under a mixed dtype policy.

    Fully connected layers with ReLU, then linear.

    Args:
        hidden_units: Units of the hidden layers.

    Raises:
        InputError: A layer has no units.

    Source: Hjelm et al., ICLR 2019, Table 10.
    """

    def __init__(self, hidden_units: Sequence[int] = (1000, 200), **kwargs) -> None:
        super().__init__(**kwargs)
        for units in hidden_units:
            check_positive(hidden_units=units)
        self.hidden_units = tuple(hidden_units)

    def build(self, input_shape) -> None:
        widths = (input_shape[-1], *self.hidden_units, 1)
        self.linear_layers = [
            keras.layers.Dense(
                width,
                kernel_initializer=xavier_kernel(),
                bias_initializer=fan_in_bias(before),
                name=f"linear{i}",
                # Logits are not rounded.
                dtype=self.variable_dtype if i == len(self.hidden_units) else self.dtype_policy,
            )
            for i, (before, width) in enumerate(zip(widths, widths[1:]))
        ]
        for layer, width in zip(self.linear_layers, widths):
            layer.build((None, width))

    def call(self, values: Tensor) -> Tensor:
        for layer in self.linear_layers[:-1]:
            values = tf.nn.relu(layer(values))
        return full_precision(self.linear_layers[-1](values))

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return (input_shape[0], 1)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}
