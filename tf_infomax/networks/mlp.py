"""The fully connected pair for points, such as samples of a Gaussian mixture."""

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_positive
from tf_infomax.layers import BatchNormalization, Maxout
from tf_infomax.layers.initializers import kaiming_kernel
from tf_infomax.layers.precision import full_precision
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Features, Tensor

# Averages over fewer batches are off by more than the spread of a mode.
_MOMENTUM = 0.99


@keras.saving.register_keras_serializable(package="tf_infomax")
class MLPGenerator(keras.Model):
    """Maps latents (B, Z) to unbounded points (B, D) float32.

    `num_layers` times linear - BN - ReLU, then linear. The linear layers before BN have no bias, which BN would cancel.

    Args:
        num_channels: Numbers in a point (D).
        base_channels: Units of each hidden layer.
        num_layers: Hidden layers.
        latent_dim: Size of the latents (Z).
        unit: Size of the finest detail of the data; the network's own coordinates are multiplied by it.

    Raises:
        InputError: A size is below 1, or the unit is not positive.

    Source: the generator of Lin et al., 2018 (PacGAN), for Gaussian mixtures, as in Khorramshahi et al., 2020, with
    Kaiming initialisation.
    """

    def __init__(
        self,
        num_channels: int = 2,
        *,
        base_channels: int = 400,
        num_layers: int = 4,
        latent_dim: int = 2,
        unit: float = 1.0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(num_channels=num_channels, base_channels=base_channels, num_layers=num_layers)
        check_positive(latent_dim=latent_dim, unit=unit)
        self.num_channels = num_channels
        self.base_channels = base_channels
        self.num_layers = num_layers
        self.latent_dim = latent_dim
        self.unit = unit
        self.hidden_layers = [
            _linear(base_channels, use_bias=False, name=f"hidden{i}", dtype=self.dtype_policy)
            for i in range(num_layers)
        ]
        self.norms = [
            BatchNormalization(momentum=_MOMENTUM, name=f"norm{i}", dtype=self.dtype_policy) for i in range(num_layers)
        ]
        self.to_points = _linear(num_channels, name="to_points", dtype=self.dtype_policy)

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for layer, norm in zip(self.hidden_layers, self.norms):
            layer.build(shape)
            shape = (shape[0], self.base_channels)
            norm.build(shape)
        self.to_points.build(shape)

    def call(self, latents: Tensor, training: bool = False) -> Tensor:
        hidden = latents
        for layer, norm in zip(self.hidden_layers, self.norms):
            hidden = tf.nn.relu(norm(layer(hidden), training=training))
        return self.unit * full_precision(self.to_points(hidden))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


@keras.saving.register_keras_serializable(package="tf_infomax")
class MLPDiscriminator(keras.Model):
    """Maps points (B, D) to logits and features, all float32; without normalisation of any kind.

    `num_layers` maxout layers, then linear. Returns a dict: `logits` (B, 1); `global_features` (B, F), the last hidden
    layer. Points have no locations, hence there are no `local_features`.

    Args:
        num_channels: Numbers in a point (D).
        base_channels: Units of each hidden layer (F).
        num_layers: Hidden layers.
        num_pieces: Linear maps of each maxout unit.
        unit: Size of the finest detail of the data; points are divided by it.
        data_range: Largest coordinate of the data. Biases of the first layer start uniform within +- `data_range /
            unit`, so that the kinks of its units are spread over the data.

    Raises:
        InputError: A size is below 1, the unit is not positive, or the range is negative.

    Source: the discriminator of Lin et al., 2018 (PacGAN), for Gaussian mixtures, as in Khorramshahi et al., 2020, with
    Kaiming initialisation of the kernels; neither paper names the biases.
    """

    samplewise = True
    """A sample's outputs depend on that sample alone and a call changes no state, so real and fake samples can share
    one pass."""

    def __init__(
        self,
        num_channels: int = 2,
        *,
        base_channels: int = 200,
        num_layers: int = 3,
        num_pieces: int = 5,
        unit: float = 1.0,
        data_range: float = 0.0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(num_channels=num_channels, base_channels=base_channels, num_layers=num_layers)
        check_positive(num_pieces=num_pieces, unit=unit)
        if data_range < 0:
            raise InputError(f"`data_range` must not be negative. Received: {data_range}")
        self.num_channels = num_channels
        self.base_channels = base_channels
        self.num_layers = num_layers
        self.num_pieces = num_pieces
        self.unit = unit
        self.data_range = data_range
        ranges = [data_range / unit] + [0.0] * (num_layers - 1)
        self.hidden_layers = [
            Maxout(base_channels, num_pieces, bias_range=ranges[i], name=f"hidden{i}", dtype=self.dtype_policy)
            for i in range(num_layers)
        ]
        self.to_logits = _linear(1, name="to_logits", dtype=self.variable_dtype)  # Logits are not rounded.

    def build(self, input_shape) -> None:
        shape = tuple(input_shape)
        for layer in self.hidden_layers:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.to_logits.build(shape)

    def call(self, points: Tensor, training: bool = False) -> Features:
        hidden = points / self.unit
        for layer in self.hidden_layers:
            hidden = layer(hidden)
        return {"logits": full_precision(self.to_logits(hidden)), "global_features": full_precision(hidden)}

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def _linear(units: int, **kwargs) -> keras.layers.Layer:
    return keras.layers.Dense(units, kernel_initializer=kaiming_kernel(), **kwargs)
