"""Layers that the networks are made of."""

from tf_infomax.layers.batch_normalization import BatchNormalization
from tf_infomax.layers.convolution import conv, linear
from tf_infomax.layers.residual import DiscriminatorBlock, GeneratorBlock, InputDiscriminatorBlock
from tf_infomax.layers.spectral_normalization import SpectralNormalization

__all__ = [
    "BatchNormalization",
    "DiscriminatorBlock",
    "GeneratorBlock",
    "InputDiscriminatorBlock",
    "SpectralNormalization",
    "conv",
    "linear",
]
