"""Blocks of encoders: a layer without bias, which batch normalisation would cancel, batch normalisation and ReLU."""

import keras
import tensorflow as tf

from tf_infomax.layers import BatchNormalization
from tf_infomax.layers.initializers import fan_in_bias, xavier_kernel
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor

_POOL_SIZE = 3
_POOL_STRIDES = 2


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConvolutionBlock(keras.layers.Layer):
    """Convolution - batch normalisation - ReLU on maps (B, H, W, C), optionally followed by max pooling 3x3/2.

    Args:
        channels: Channels of the output.
        kernel_size: Height and width of the kernel.
        strides: Strides of the convolution.
        padding: Zeros on each side of the map.
        pool: Whether to pool.
    """

    def __init__(
        self, channels: int, *, kernel_size: int, strides: int = 1, padding: int = 0, pool: bool = False, **kwargs
    ) -> None:
        super().__init__(**kwargs)
        self.channels = channels
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.pool = pool
        self.pad = keras.layers.ZeroPadding2D(padding, name="pad", dtype=self.dtype_policy)
        self.norm = BatchNormalization(name="norm", dtype=self.dtype_policy)
        self.pooling = keras.layers.MaxPooling2D(_POOL_SIZE, _POOL_STRIDES, name="pooling", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        self.conv = keras.layers.Conv2D(
            self.channels,
            self.kernel_size,
            strides=self.strides,
            use_bias=False,
            kernel_initializer=xavier_kernel(),
            name="conv",
            dtype=self.dtype_policy,
        )
        padded = self.pad.compute_output_shape(input_shape)
        self.conv.build(padded)
        self.norm.build(self.conv.compute_output_shape(padded))

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        hidden = tf.nn.relu(self.norm(self.conv(self.pad(inputs)), training=training))
        return self.pooling(hidden) if self.pool else hidden

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        # Not asked of the convolution, which is created in `build`.
        sizes = [(size + 2 * self.padding - self.kernel_size) // self.strides + 1 for size in input_shape[1:3]]
        shape = (input_shape[0], *sizes, self.channels)
        return tuple(self.pooling.compute_output_shape(shape)) if self.pool else shape

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class FullyConnectedBlock(keras.layers.Layer):
    """Linear - batch normalisation - ReLU on vectors (B, F).

    Args:
        units: Size of the output.
    """

    def __init__(self, units: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.norm = BatchNormalization(name="norm", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        self.linear = keras.layers.Dense(
            self.units,
            use_bias=False,
            kernel_initializer=xavier_kernel(),
            name="linear",
            dtype=self.dtype_policy,
        )
        self.linear.build(input_shape)
        self.norm.build((*input_shape[:-1], self.units))

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        return tf.nn.relu(self.norm(self.linear(inputs), training=training))

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class FullyConnectedNetwork(keras.layers.Layer):
    """Hidden layers with batch normalisation and ReLU, then linear, on vectors (B, F).

    Calling it returns the last hidden layer (B, H) and the output (B, D).

    Args:
        hidden_units: Units of each hidden layer, at least one.
        output_dim: Size of the output (D).
    """

    def __init__(self, hidden_units: tuple[int, ...], output_dim: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.hidden_units = tuple(hidden_units)
        self.output_dim = output_dim
        self.hidden_layers = [
            FullyConnectedBlock(units, name=f"hidden{i}", dtype=self.dtype_policy)
            for i, units in enumerate(self.hidden_units)
        ]

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for layer in self.hidden_layers:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.output_layer = keras.layers.Dense(
            self.output_dim,
            kernel_initializer=xavier_kernel(),
            bias_initializer=fan_in_bias(shape[-1]),
            name="output",
            dtype=self.dtype_policy,
        )
        self.output_layer.build(shape)

    def call(self, inputs: Tensor, training: bool = False) -> tuple[Tensor, Tensor]:
        hidden = inputs
        for layer in self.hidden_layers:
            hidden = layer(hidden, training=training)
        return hidden, self.output_layer(hidden)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}
