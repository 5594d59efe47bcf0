"""Losses: pure functions of tensors."""

from tf_infomax.losses.adversarial import (
    hinge_discriminator_loss,
    linear_generator_loss,
    minimax_discriminator_loss,
    minimax_generator_loss,
    non_saturating_generator_loss,
    wasserstein_discriminator_loss,
)
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
from tf_infomax.losses.variational import reconstruction_loss, standard_normal_divergence

__all__ = [
    "Estimator",
    "OwnLocations",
    "contrastive_accuracy",
    "donsker_varadhan_lower_bound",
    "gradient_norms",
    "gradient_penalty",
    "hinge_discriminator_loss",
    "infonce_loss",
    "information_loss",
    "interpolate",
    "jensen_shannon_lower_bound",
    "linear_generator_loss",
    "local_global_scores",
    "minimax_discriminator_loss",
    "minimax_generator_loss",
    "non_saturating_generator_loss",
    "reconstruction_loss",
    "standard_normal_divergence",
    "wasserstein_discriminator_loss",
]
