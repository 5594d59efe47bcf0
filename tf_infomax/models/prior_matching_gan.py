"""A generator that is trained by prior matching alone."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.latents import stateless_seed
from tf_infomax.losses.adversarial import AdversarialLoss
from tf_infomax.losses.adversarial import adversarial_loss as adversarial_loss_named
from tf_infomax.models.clipping import gradients_of
from tf_infomax.models.gan import GAN
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.networks.prior_discriminator import PriorDiscriminator
from tf_infomax.objectives.base import AuxiliaryObjective
from tf_infomax.types import Features, Logs, Tensor

PRIOR_MATCHING = "prior_matching"
"""What settings call this game, beside the adversarial losses."""


@keras.saving.register_keras_serializable(package="tf_infomax")
class PriorMatchingGAN(GAN):
    """A generator without an adversary: an encoder matches priors, and the generator follows the encoder's mean.

    The discriminator network is the encoder E, its logit the encoding y (B, 1). E learns to make N(mu_P, 1) of real
    images and N(mu_Q, 1) of generated ones; two small critics, one for each prior, tell its encodings from draws, as in
    `PriorMatching`. The generator moves the mean of its images' encodings to mu_P:

        L_E = softplus(-T_P(E(x))) + softplus(-T_Q(E(G(z))))        against the critics' own losses
        L_G = (mean(E(G(z))) - mu_P)^2

    The overlap of the priors bounds how well E may tell real from generated images: by `separation` its strength is
    chosen. A step is that of `GAN`, with one update of the critics after each of the encoder, on the same encodings.

    Args:
        generator: As in `GAN`.
        discriminator: The encoder.
        objectives: Auxiliary objectives; the paper has a `ContractivePenalty`.
        separation: `mu_P - mu_Q`, in standard deviations of the priors; the means are half of it to both sides of 0.
        critic_units: Units of the critics' hidden layers.
        **kwargs: As in `GAN`.

    Raises:
        InputError: As for `GAN`; or the separation is not positive.

    Source: Hjelm et al., ICLR 2019, Appendix A.8, Eq. 13 to 15. The encoder's side of Eq. 14 has the non-saturating
    loss, as the paper's code has it for prior matching.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        objectives: Sequence[AuxiliaryObjective] = (),
        *,
        separation: float = 2.0,
        critic_units: Sequence[int] = (64, 64),
        **kwargs,
    ) -> None:
        if not separation > 0:
            raise InputError(f"`separation` must be positive. Received: {separation}")
        super().__init__(generator, discriminator, objectives, **kwargs)
        self.separation = separation
        self.critic_units = tuple(critic_units)
        self.real_critic = PriorDiscriminator(self.critic_units, name="real_critic")
        self.fake_critic = PriorDiscriminator(self.critic_units, name="fake_critic")
        for critic in (self.real_critic, self.fake_critic):
            critic.build((None, 1))

    def compile(
        self,
        adversarial_loss: str = PRIOR_MATCHING,
        *,
        critic_optimizer: keras.optimizers.Optimizer | None = None,
        critic_clip_norm: float = 1.0,
        **kwargs,
    ) -> None:
        """Sets how the players train.

        Args:
            adversarial_loss: There is only `"prior_matching"`.
            critic_optimizer: Adam with learning rate 2e-4 and betas (0, 0.9) if None.
            critic_clip_norm: Largest norm of the critics' gradients, which are scaled down to it.
            **kwargs: As in `GAN.compile`.

        Raises:
            InputError: As for `GAN.compile`; or the loss is another one, or the norm not positive.
        """
        if adversarial_loss != PRIOR_MATCHING:
            raise InputError(f"`adversarial_loss` must be {PRIOR_MATCHING}. Received: {adversarial_loss}")
        if not critic_clip_norm > 0:
            raise InputError(f"`critic_clip_norm` must be positive. Received: {critic_clip_norm}")
        self.critic_clip_norm = critic_clip_norm
        self.critic_optimizer = critic_optimizer or default_optimizer()
        self.critic_optimizer.build(self.critic_variables)
        super().compile(**kwargs)
        self._matching = adversarial_loss_named("non_saturating")
        self.adversarial_loss = adversarial_loss
        self._game = AdversarialLoss(self._encoder_loss, self._generator_loss)

    @property
    def players(self) -> Mapping[str, keras.optimizers.Optimizer]:
        return {**super().players, "critic": self.critic_optimizer}

    @property
    def critic_variables(self) -> list[keras.Variable]:
        """What the critics' optimizer trains."""
        return self.real_critic.trainable_variables + self.fake_critic.trainable_variables

    def _log_names(self) -> list[str]:
        return [*super()._log_names(), "critic/total"]

    def _encoder_loss(self, real_encodings: Tensor, fake_encodings: Tensor) -> Tensor:
        real, fake = self.real_critic(real_encodings), self.fake_critic(fake_encodings)
        return self._matching.generator(real) + self._matching.generator(fake)

    def _generator_loss(self, fake_encodings: Tensor) -> Tensor:
        return tf.square(tf.reduce_mean(distribution.gather(fake_encodings)) - self.separation / 2)

    def update_discriminator(self, real_images: Tensor, labels: Tensor | None = None) -> Logs:
        """Updates the encoder once, then the critics, on images (B, H, W, C), and returns the terms of their losses."""
        step = self.discriminator_optimizer.iterations + 0  # as it is now: the update counts on
        logs, real_features, fake_features = self._discriminator_update(real_images, labels)
        return logs | self._update_critics(real_features, fake_features, step)

    def _update_critics(self, real_features: Features, fake_features: Features, step: Tensor) -> Logs:
        sides = (
            ("real", self.real_critic, real_features["logits"], self.separation / 2),
            ("fake", self.fake_critic, fake_features["logits"], -self.separation / 2),
        )
        with tf.GradientTape() as tape:
            losses = []
            for side, critic, encodings, mean in sides:
                draws = mean + self._standard_normal(distribution.num_rows(encodings), f"critic/{side}", step)
                losses.append(self._matching.discriminator(critic(draws), critic(tf.stop_gradient(encodings))))
            total = tf.add_n(losses)
            scaled = distribution.scale_loss(total)
        variables = self.critic_variables
        gradients = gradients_of(tape, [scaled], variables)
        factor = self.critic_clip_norm / tf.maximum(self.critic_clip_norm, distribution.gradient_norm(gradients))
        self.critic_optimizer.apply([gradient * factor for gradient in gradients], variables)
        return {"critic/total": total}

    def _standard_normal(self, batch_size: int | Tensor, purpose: str, step: Tensor) -> Tensor:
        seed = stateless_seed(self.seed, step, purpose)
        return distribution.replica_share(lambda rows: tf.random.stateless_normal([rows, 1], seed), batch_size)

    def get_config(self) -> dict:
        return {**super().get_config(), "separation": self.separation, "critic_units": list(self.critic_units)}

    def get_compile_config(self) -> dict | None:
        config = super().get_compile_config()
        return config and {**config, "critic_clip_norm": self.critic_clip_norm}
