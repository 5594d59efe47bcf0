"""Generators, discriminators and heads."""

from tf_infomax.networks.conditioning import call_network
from tf_infomax.networks.convolutional import ConvolutionalDiscriminator, ConvolutionalGenerator
from tf_infomax.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from tf_infomax.networks.heads import ProjectionHead
from tf_infomax.networks.mlp import MLPDiscriminator, MLPGenerator
from tf_infomax.networks.resnet import CHANNEL_PLANS, ResNetDiscriminator, ResNetGenerator
from tf_infomax.networks.statistics import StatisticsNetwork

__all__ = [
    "CHANNEL_PLANS",
    "ConvolutionalDiscriminator",
    "ConvolutionalGenerator",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "MLPDiscriminator",
    "MLPGenerator",
    "ProjectionHead",
    "ResNetDiscriminator",
    "ResNetGenerator",
    "StatisticsNetwork",
    "call_network",
]
