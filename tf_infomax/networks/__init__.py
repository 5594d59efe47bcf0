"""Generators, discriminators, encoders and heads."""

from tf_infomax.networks.conditioning import call_network
from tf_infomax.networks.convolutional import ConvolutionalDiscriminator, ConvolutionalGenerator
from tf_infomax.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from tf_infomax.networks.decoders import ConvolutionalDecoder
from tf_infomax.networks.encoder_blocks import ConvolutionBlock, FullyConnectedBlock, FullyConnectedNetwork
from tf_infomax.networks.encoders import ConvolutionalEncoder, StridedCropEncoder
from tf_infomax.networks.heads import ProjectionHead
from tf_infomax.networks.mlp import MLPDiscriminator, MLPGenerator
from tf_infomax.networks.pair_discriminator import PairDiscriminator
from tf_infomax.networks.pixel_rnn import PixelRNN
from tf_infomax.networks.prior_discriminator import PriorDiscriminator
from tf_infomax.networks.resnet import CHANNEL_PLANS, ResNetDiscriminator, ResNetGenerator
from tf_infomax.networks.score_heads import ConcatAndConvolve, EncodeAndDot, ScoreEmbedding, ScoreHead
from tf_infomax.networks.statistics import StatisticsNetwork

__all__ = [
    "CHANNEL_PLANS",
    "ConcatAndConvolve",
    "ConvolutionBlock",
    "ConvolutionalDecoder",
    "ConvolutionalDiscriminator",
    "ConvolutionalEncoder",
    "ConvolutionalGenerator",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "EncodeAndDot",
    "FullyConnectedBlock",
    "FullyConnectedNetwork",
    "MLPDiscriminator",
    "MLPGenerator",
    "PairDiscriminator",
    "PixelRNN",
    "PriorDiscriminator",
    "ProjectionHead",
    "ResNetDiscriminator",
    "ResNetGenerator",
    "ScoreEmbedding",
    "ScoreHead",
    "StatisticsNetwork",
    "StridedCropEncoder",
    "call_network",
]
