"""Auxiliary objectives: losses with weights of their own."""

from tf_infomax.objectives.base import AuxiliaryObjective, TrainingBatch
from tf_infomax.objectives.gradient_penalty import GradientPenalty
from tf_infomax.objectives.infomax import InfoMax
from tf_infomax.objectives.rotation import RotationPrediction, rotate
from tf_infomax.objectives.variational_entropy import VariationalEntropy

__all__ = [
    "AuxiliaryObjective",
    "GradientPenalty",
    "InfoMax",
    "RotationPrediction",
    "TrainingBatch",
    "VariationalEntropy",
    "rotate",
]
