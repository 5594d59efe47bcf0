"""Two-player games, on the pure losses of `losses.adversarial`."""

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.losses.adversarial import (
    hinge_discriminator_loss,
    linear_generator_loss,
    minimax_discriminator_loss,
    minimax_generator_loss,
    non_saturating_generator_loss,
    wasserstein_discriminator_loss,
)
from tf_infomax.models.games.base import AdversarialGame
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class Hinge(AdversarialGame):
    """The discriminator stops at a margin of 1; the game of SNGAN and InfoMax-GAN. Source: Miyato et al., 2018."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return hinge_discriminator_loss(real_logits, fake_logits)

    def generator_loss(self, fake_logits: Tensor) -> Tensor:
        return linear_generator_loss(fake_logits)


@keras.saving.register_keras_serializable(package="tf_infomax")
class NonSaturating(AdversarialGame):
    """The discriminator classifies; the generator wants its images called real. Source: Goodfellow et al., 2014."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return minimax_discriminator_loss(real_logits, fake_logits)

    def generator_loss(self, fake_logits: Tensor) -> Tensor:
        return non_saturating_generator_loss(fake_logits)


@keras.saving.register_keras_serializable(package="tf_infomax")
class Minimax(AdversarialGame):
    """The discriminator classifies; the generator wants the same loss large. Source: Goodfellow et al., 2014, Eq. 1."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return minimax_discriminator_loss(real_logits, fake_logits)

    def generator_loss(self, fake_logits: Tensor) -> Tensor:
        return minimax_generator_loss(fake_logits)


@keras.saving.register_keras_serializable(package="tf_infomax")
class Wasserstein(AdversarialGame):
    """The difference of mean logits, for a Lipschitz discriminator: see `GradientPenalty`. Source: Arjovsky, 2017."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return wasserstein_discriminator_loss(real_logits, fake_logits)

    def generator_loss(self, fake_logits: Tensor) -> Tensor:
        return linear_generator_loss(fake_logits)

    def indifferent_logit(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns the middle of the two mean logits, over all replicas: a constant more on all changes no loss."""
        return distribution.mean_over_replicas(tf.reduce_mean(real_logits) + tf.reduce_mean(fake_logits)) / 2.0
