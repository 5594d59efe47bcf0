"""Losses: pure functions of tensors."""

from tf_infomax.losses.adversarial import ADVERSARIAL_LOSSES, AdversarialLoss, adversarial_loss
from tf_infomax.losses.gradient_penalty import gradient_norms, gradient_penalty, interpolate
from tf_infomax.losses.mutual_information import (
    OwnLocations,
    contrastive_accuracy,
    donsker_varadhan_lower_bound,
    infonce_loss,
    local_global_scores,
)

__all__ = [
    "ADVERSARIAL_LOSSES",
    "AdversarialLoss",
    "OwnLocations",
    "adversarial_loss",
    "contrastive_accuracy",
    "donsker_varadhan_lower_bound",
    "gradient_norms",
    "gradient_penalty",
    "infonce_loss",
    "interpolate",
    "local_global_scores",
]
