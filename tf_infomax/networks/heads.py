"""Projection heads on discriminator features, trained by objectives."""

import keras
import tensorflow as tf

from tf_infomax.layers import SpectralNormalization, apply_layer, linear
from tf_infomax.layers.precision import full_precision
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ProjectionHead(keras.layers.Layer):
    """Projects features (..., C) to (..., R): linear C - ReLU - linear R, plus a linear shortcut to R.

    On feature maps the linear layers act at each location, as 1x1 convolutions do, so one class serves local and
    global features.

    The last layer and the shortcut are one linear map of `encode(features)`. Dot products of many projections with a
    few vectors therefore need no projections: `encode(x) . direction + offset`, the direction and the offset being what
    `pull_back` returns for a vector, is the dot product of that vector with the projection of x.

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
        hidden = tf.nn.relu(apply_layer(self.hidden, features, training=training))
        outputs = apply_layer(self.output_layer, hidden, training=training)
        return outputs + apply_layer(self.shortcut, features, training=training)

    def encode(self, features: Tensor, training: bool = False) -> Tensor:
        """Maps features (..., C) to the inputs of the last layer and of the shortcut, side by side (..., 2C)."""
        hidden = tf.nn.relu(apply_layer(self.hidden, features, training=training))
        return tf.concat([full_precision(hidden), full_precision(features)], axis=-1)

    def pull_back(self, vectors: Tensor, training: bool = False) -> tuple[Tensor, Tensor]:
        """Maps vectors (N, R) of the projected space to directions (N, 2C) among encodings, and offsets (N,)."""
        kernels = [_kernel(layer, training) for layer in (self.output_layer, self.shortcut)]
        bias = tf.add_n([tf.convert_to_tensor(_bias(layer)) for layer in (self.output_layer, self.shortcut)])
        vectors = full_precision(vectors)
        directions = tf.matmul(vectors, tf.concat(kernels, axis=0), transpose_b=True)
        return directions, tf.linalg.matvec(vectors, bias)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.projection_dim)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def _kernel(layer: keras.layers.Layer, training: bool) -> Tensor:
    if isinstance(layer, SpectralNormalization):
        return layer.normalised_kernel(training=training)
    return tf.convert_to_tensor(layer.kernel)


def _bias(layer: keras.layers.Layer) -> keras.Variable:
    return layer.layer.bias if isinstance(layer, SpectralNormalization) else layer.bias
