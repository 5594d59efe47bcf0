"""A recurrent network over the rows of a feature map."""

import keras
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.layers.initializers import xavier_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor

_NEIGHBOURS = 3


@keras.saving.register_keras_serializable(package="tf_infomax")
class PixelRNN(keras.layers.Layer):
    """Summarises a map (B, H, W, C) from its first row to its last: (B, H, W, U), float32.

    A gated recurrent unit goes down each column. It reads three neighbours of its row x_i and three states of the row
    above, by convolutions along the row:

        z, r = sigmoid(W_zr * x_i + U_zr * h_i-1)
        h_i = z h_i-1 + (1 - z) tanh(W * x_i + r (U * h_i-1))

    So a summary depends on its row and those above, never on one below.

    Args:
        units: Size of the summaries (U).

    Raises:
        InputError: There are no units.

    Source: van den Oord et al., ICML 2016, section 3.1 (Row LSTM), with the gates of a GRU. Deviation: the row itself
    is not masked, for none of its own features is predicted from a summary.
    """

    def __init__(self, units: int, **kwargs) -> None:
        super().__init__(**kwargs)
        check_positive(units=units)
        self.units = units

    def build(self, input_shape) -> None:
        self.from_row = keras.layers.Conv2D(
            3 * self.units,
            (1, _NEIGHBOURS),
            padding="same",
            kernel_initializer=xavier_kernel(),
            name="from_row",
            dtype=self.dtype_policy,
        )
        self.from_above = keras.layers.Conv1D(
            3 * self.units,
            _NEIGHBOURS,
            padding="same",
            use_bias=False,
            kernel_initializer=keras.initializers.Orthogonal(),
            name="from_above",
            dtype=self.dtype_policy,
        )
        self.from_row.build(input_shape)
        self.from_above.build((input_shape[0], input_shape[2], self.units))

    def call(self, feature_map: Tensor) -> Tensor:
        inputs = full_precision(self.from_row(feature_map))  # (B, H, W, 3U)
        state, states = tf.zeros_like(inputs[:, 0, :, : self.units]), []
        for row in tf.unstack(inputs, axis=1):
            state = self._next(state, row)
            states.append(state)
        return tf.stack(states, axis=1)

    def _next(self, state: Tensor, row: Tensor) -> Tensor:
        """Returns the state (B, W, U) after a row (B, W, 3U)."""
        above = full_precision(self.from_above(state))
        (keep, reset, new), (keep_above, reset_above, new_above) = (tf.split(part, 3, axis=-1) for part in (row, above))
        keep, reset = tf.sigmoid(keep + keep_above), tf.sigmoid(reset + reset_above)
        return keep * state + (1.0 - keep) * tf.tanh(new + reset * new_above)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}
