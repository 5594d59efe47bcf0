"""GANs and encoders that learn by information maximisation, in TensorFlow and Keras."""

import importlib
from typing import TYPE_CHECKING, Any

from tf_infomax import compat

if TYPE_CHECKING:
    from tf_infomax.models import (
        GAN,
        AdaptiveAugmentation,
        AdversarialGame,
        Augmentation,
        DeepInfoMax,
        DiffAugment,
        Hinge,
        LinearDecay,
        Minimax,
        NonSaturating,
        PriorMatchingGame,
        ThreePlayerGame,
        Wasserstein,
        from_preset,
    )
    from tf_infomax.networks import (
        ConvolutionalDecoder,
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
        AdversarialInference,
        AuxiliaryObjective,
        Classification,
        ContractivePenalty,
        ContrastivePrediction,
        CoordinatePrediction,
        EncoderObjective,
        GlobalInfoMax,
        GradientPenalty,
        InfoMax,
        LocalInfoMax,
        NoiseAsTargets,
        PriorMatching,
        Reconstruction,
        RotationPrediction,
        VariationalBound,
        VariationalEntropy,
    )

__version__ = "0.2.0"

__all__ = [
    "GAN",
    "AdaptiveAugmentation",
    "AdversarialGame",
    "AdversarialInference",
    "Augmentation",
    "AuxiliaryObjective",
    "Classification",
    "ContractivePenalty",
    "ConvolutionalDecoder",
    "ContrastivePrediction",
    "ConvolutionalDiscriminator",
    "ConvolutionalEncoder",
    "ConvolutionalGenerator",
    "CoordinatePrediction",
    "DCGANDiscriminator",
    "DCGANGenerator",
    "DeepInfoMax",
    "DiffAugment",
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
    "NoiseAsTargets",
    "NonSaturating",
    "PriorMatching",
    "PriorMatchingGame",
    "ResNetDiscriminator",
    "ResNetGenerator",
    "Reconstruction",
    "RotationPrediction",
    "StridedCropEncoder",
    "ThreePlayerGame",
    "VariationalBound",
    "VariationalEntropy",
    "Wasserstein",
    "from_preset",
]

_HOMES = ("models", "networks", "objectives")


def __getattr__(name: str) -> Any:
    """Imports a public class or function when it is first asked for: presets and `--help` do without TensorFlow."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    compat.import_tensorflow()  # before anything else does
    for home in _HOMES:
        module = importlib.import_module(f"{__name__}.{home}")
        if hasattr(module, name):
            globals()[name] = getattr(module, name)
            return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
