"""GANs that learn by information maximisation, in TensorFlow and Keras."""

from tf_infomax import compat

compat.import_tensorflow()  # before anything else does
from tf_infomax.models import GAN
from tf_infomax.networks import (
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    DCGANDiscriminator,
    DCGANGenerator,
    MLPDiscriminator,
    MLPGenerator,
    ResNetDiscriminator,
    ResNetGenerator,
)
from tf_infomax.objectives import (
    AuxiliaryObjective,
    GradientPenalty,
    InfoMax,
    RotationPrediction,
    VariationalEntropy,
)
from tf_infomax.schedules import LinearDecay

__version__ = "0.1.0"

__all__ = [
    "GAN",
    "AuxiliaryObjective",
    "ConvolutionalDiscriminator",
    "ConvolutionalGenerator",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "GradientPenalty",
    "InfoMax",
    "LinearDecay",
    "MLPDiscriminator",
    "MLPGenerator",
    "ResNetDiscriminator",
    "ResNetGenerator",
    "RotationPrediction",
    "VariationalEntropy",
]
