"""GANs and encoders that learn by information maximisation, in TensorFlow and Keras."""

from tf_infomax import compat

compat.import_tensorflow()  # before anything else does
from tf_infomax.models import (
    GAN,
    AdversarialGame,
    DeepInfoMax,
    Hinge,
    Minimax,
    NonSaturating,
    PriorMatchingGame,
    ThreePlayerGame,
    Wasserstein,
)
from tf_infomax.models.schedules import LinearDecay
from tf_infomax.networks import (
    ConvolutionalDiscriminator,
    ConvolutionalEncoder,
    ConvolutionalGenerator,
    DCGANDiscriminator,
    DCGANGenerator,
    MLPDiscriminator,
    MLPGenerator,
    ResNetDiscriminator,
    ResNetGenerator,
    StridedCropEncoder,
)
from tf_infomax.objectives import (
    AuxiliaryObjective,
    Classification,
    ContractivePenalty,
    CoordinatePrediction,
    EncoderObjective,
    GlobalInfoMax,
    GradientPenalty,
    InfoMax,
    LocalInfoMax,
    PriorMatching,
    RotationPrediction,
    VariationalEntropy,
)

__version__ = "0.1.0"

__all__ = [
    "GAN",
    "AdversarialGame",
    "AuxiliaryObjective",
    "Classification",
    "ContractivePenalty",
    "ConvolutionalDiscriminator",
    "ConvolutionalEncoder",
    "ConvolutionalGenerator",
    "CoordinatePrediction",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "DeepInfoMax",
    "EncoderObjective",
    "GlobalInfoMax",
    "GradientPenalty",
    "Hinge",
    "InfoMax",
    "LinearDecay",
    "LocalInfoMax",
    "MLPDiscriminator",
    "MLPGenerator",
    "Minimax",
    "NonSaturating",
    "PriorMatching",
    "PriorMatchingGame",
    "ResNetDiscriminator",
    "ResNetGenerator",
    "RotationPrediction",
    "StridedCropEncoder",
    "ThreePlayerGame",
    "VariationalEntropy",
    "Wasserstein",
]
