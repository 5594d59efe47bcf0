"""Generators, discriminators and heads."""

from tf_infomax.networks.convolutional import ConvolutionalDiscriminator, ConvolutionalGenerator
from tf_infomax.networks.heads import ProjectionHead
from tf_infomax.networks.resnet import CHANNEL_PLANS, ResNetDiscriminator, ResNetGenerator

__all__ = [
    "CHANNEL_PLANS",
    "ConvolutionalDiscriminator",
    "ConvolutionalGenerator",
    "ProjectionHead",
    "ResNetDiscriminator",
    "ResNetGenerator",
]
