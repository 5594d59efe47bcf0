"""Convolutions and linear layers with the initial values and the spectral normalisation of the papers' networks."""

import keras

from tf_infomax.layers.initializers import fan_in_bias, residual_kernel, xavier_kernel
from tf_infomax.layers.pooled_convolution import PooledConv2D
from tf_infomax.layers.spectral_normalization import SpectralNormalization
from tf_infomax.types import Tensor


def conv(
    in_channels: int,
    out_channels: int,
    *,
    kernel_size: int = 3,
    strides: int = 1,
    residual: bool = False,
    spectral_norm: bool = False,
    pooled: bool = False,
    **kwargs,
) -> keras.layers.Layer:
    """Returns a zero-padded convolution.

    `residual` picks the larger initial gain of a residual branch, `pooled` adds 2x2 mean pooling.
    `kwargs` are the layer's `name` and `dtype`.
    """
    layer_class = PooledConv2D if pooled else keras.layers.Conv2D
    layer = layer_class(
        out_channels,
        kernel_size,
        strides=strides,
        padding="same",
        kernel_initializer=residual_kernel() if residual else xavier_kernel(),
        bias_initializer=fan_in_bias(in_channels * kernel_size**2),
        **kwargs,
    )
    return SpectralNormalization(layer, **kwargs) if spectral_norm else layer


def linear(in_features: int, out_features: int, *, spectral_norm: bool = False, **kwargs) -> keras.layers.Layer:
    """Returns a linear layer on the last axis; on feature maps it is a 1x1 convolution.

    `kwargs` are the layer's `name` and `dtype`.
    """
    layer = keras.layers.Dense(
        out_features,
        kernel_initializer=xavier_kernel(),
        bias_initializer=fan_in_bias(in_features),
        **kwargs,
    )
    return SpectralNormalization(layer, **kwargs) if spectral_norm else layer


def apply_layer(layer: keras.layers.Layer, inputs: Tensor, *, training: bool) -> Tensor:
    """Calls a layer that may be spectrally normalised; only then does its output depend on the mode."""
    mode = {"training": training} if isinstance(layer, SpectralNormalization) else {}
    return layer(inputs, **mode)
