"""Losses: pure functions of tensors."""

from tf_infomax.losses.adversarial import ADVERSARIAL_LOSSES, AdversarialLoss, adversarial_loss
from tf_infomax.losses.gradient_penalty import gradient_norms, gradient_penalty, interpolate
from tf_infomax.losses.mutual_information import (
    Estimator,
    OwnLocations,
    contrastive_accuracy,
    donsker_varadhan_lower_bound,
    infonce_loss,
    information_loss,
    jensen_shannon_lower_bound,
    local_global_scores,
)

__all__ = [
    "ADVERSARIAL_LOSSES",
    "AdversarialLoss",
    "Estimator",
    "OwnLocations",
    "adversarial_loss",
    "contrastive_accuracy",
    "donsker_varadhan_lower_bound",
    "gradient_norms",
    "gradient_penalty",
    "infonce_loss",
    "information_loss",
    "interpolate",
    "jensen_shannon_lower_bound",
    "local_global_scores",
]
