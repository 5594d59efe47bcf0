"""Heads on discriminator features that objectives train."""

import keras
import tensorflow as tf

from tf_infomax.layers import linear
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ProjectionHead(keras.layers.Layer):
    """Projects features (..., C) to (..., R): linear C - ReLU - linear R, plus a linear shortcut to R.

    On feature maps the linear layers act at each location, as 1x1 convolutions do, so one class serves local and
    global features.

    Args:
        projection_dim: Size of the projected features (R).
        spectral_norm: Whether the layers are spectrally normalised.

    Source: InfoMax-GAN, Table 10.
    """

    def __init__(self, projection_dim: int = 1024, *, spectral_norm: bool = True, **kwargs) -> None:
        super().__init__(**kwargs)
        self.projection_dim = projection_dim
        self.spectral_norm = spectral_norm

    def build(self, input_shape) -> None:
        channels = input_shape[-1]
        self.hidden = linear(
            channels, channels, spectral_norm=self.spectral_norm, name="hidden", dtype=self.dtype_policy
        )
        self.output_layer = linear(
            channels, self.projection_dim, spectral_norm=self.spectral_norm, name="output", dtype=self.dtype_policy
        )
        self.shortcut = linear(
            channels, self.projection_dim, spectral_norm=self.spectral_norm, name="shortcut", dtype=self.dtype_policy
        )
        for layer in (self.hidden, self.output_layer, self.shortcut):
            layer.build(input_shape)

    def call(self, features: Tensor, training: bool = False) -> Tensor:
        arguments = {"training": training} if self.spectral_norm else {}
        hidden = tf.nn.relu(self.hidden(features, **arguments))
        return self.output_layer(hidden, **arguments) + self.shortcut(features, **arguments)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.projection_dim)

    def get_config(self) -> dict:
        config = {"projection_dim": self.projection_dim, "spectral_norm": self.spectral_norm}
        return {**super().get_config(), **config}
