"""Auxiliary objectives: losses with weights of their own."""

from tf_infomax.objectives.base import AuxiliaryObjective, TrainingBatch
from tf_infomax.objectives.infomax import InfoMax

__all__ = ["AuxiliaryObjective", "InfoMax", "TrainingBatch"]
