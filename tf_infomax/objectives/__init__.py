"""Objectives: losses with weights of their own, those of a GAN beside its game and those of an encoder."""

from tf_infomax.objectives.base import AuxiliaryObjective, TrainingBatch
from tf_infomax.objectives.building import build_heads, check_names
from tf_infomax.objectives.classification import Classification
from tf_infomax.objectives.contractive_penalty import ContractivePenalty
from tf_infomax.objectives.coordinates import CoordinatePrediction
from tf_infomax.objectives.encoder_infomax import GlobalInfoMax, LocalInfoMax
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.objectives.gradient_penalty import GradientPenalty
from tf_infomax.objectives.infomax import InfoMax
from tf_infomax.objectives.prior_matching import PriorMatching
from tf_infomax.objectives.rotation import RotationPrediction, rotate
from tf_infomax.objectives.variational_entropy import VariationalEntropy

__all__ = [
    "AuxiliaryObjective",
    "Classification",
    "ContractivePenalty",
    "CoordinatePrediction",
    "EncodedBatch",
    "EncoderObjective",
    "GlobalInfoMax",
    "GradientPenalty",
    "InfoMax",
    "LocalInfoMax",
    "PriorMatching",
    "RotationPrediction",
    "TrainingBatch",
    "VariationalEntropy",
    "build_heads",
    "check_names",
    "rotate",
]
