"""Layers that the networks are made of."""

from tf_infomax.layers.batch_normalization import BatchNormalization
from tf_infomax.layers.class_embedding import ClassEmbedding, embedding
from tf_infomax.layers.conditional_batch_normalization import ConditionalBatchNormalization, batch_norm, normalise
from tf_infomax.layers.convolution import apply_layer, conv, linear
from tf_infomax.layers.maxout import Maxout
from tf_infomax.layers.residual import DiscriminatorBlock, GeneratorBlock, InputDiscriminatorBlock
from tf_infomax.layers.spectral_normalization import SpectralNormalization

__all__ = [
    "BatchNormalization",
    "ClassEmbedding",
    "ConditionalBatchNormalization",
    "DiscriminatorBlock",
    "GeneratorBlock",
    "InputDiscriminatorBlock",
    "Maxout",
    "SpectralNormalization",
    "apply_layer",
    "batch_norm",
    "conv",
    "embedding",
    "linear",
    "normalise",
]
