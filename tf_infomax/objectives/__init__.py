"""Objectives: auxiliary losses of a GAN, and the losses of an encoder."""

from tf_infomax.objectives.adversarial_inference import AdversarialInference
from tf_infomax.objectives.base import AuxiliaryObjective, Player
from tf_infomax.objectives.batches import Batch, DiscriminatorBatch, GeneratorBatch
from tf_infomax.objectives.classification import Classification
from tf_infomax.objectives.collection import (
    active_objectives,
    build_heads,
    check_names,
    clipped_names,
    head_variables,
)
from tf_infomax.objectives.contract import check_overrides
from tf_infomax.objectives.contractive_penalty import ContractivePenalty
from tf_infomax.objectives.contrastive_prediction import ContrastivePrediction
from tf_infomax.objectives.coordinates import CoordinatePrediction
from tf_infomax.objectives.encoder_infomax import TOO_FEW_IMAGES, GlobalInfoMax, LocalInfoMax
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.objectives.gradient_penalty import GradientPenalty
from tf_infomax.objectives.infomax import InfoMax
from tf_infomax.objectives.noise_as_targets import NOT_ROWS, NoiseAsTargets
from tf_infomax.objectives.prior_matching import PriorMatching
from tf_infomax.objectives.reconstruction import Reconstruction
from tf_infomax.objectives.rotation import RotationPrediction, rotate
from tf_infomax.objectives.terms import Term, logs_of
from tf_infomax.objectives.variational_bound import VariationalBound
from tf_infomax.objectives.variational_entropy import VariationalEntropy

__all__ = [
    "AdversarialInference",
    "NOT_ROWS",
    "TOO_FEW_IMAGES",
    "AuxiliaryObjective",
    "Batch",
    "Classification",
    "ContractivePenalty",
    "ContrastivePrediction",
    "CoordinatePrediction",
    "DiscriminatorBatch",
    "EncodedBatch",
    "EncoderObjective",
    "GeneratorBatch",
    "GlobalInfoMax",
    "GradientPenalty",
    "InfoMax",
    "LocalInfoMax",
    "NoiseAsTargets",
    "Player",
    "PriorMatching",
    "Reconstruction",
    "RotationPrediction",
    "Term",
    "VariationalBound",
    "VariationalEntropy",
    "active_objectives",
    "build_heads",
    "check_names",
    "check_overrides",
    "clipped_names",
    "head_variables",
    "logs_of",
    "rotate",
]
