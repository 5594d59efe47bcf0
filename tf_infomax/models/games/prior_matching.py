"""The game of prior matching: a generator without an adversary."""

from collections.abc import Callable, Mapping, Sequence

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import check_positive
from tf_infomax.losses.adversarial import minimax_discriminator_loss, non_saturating_generator_loss
from tf_infomax.models.games.base import ThreePlayerGame
from tf_infomax.networks.prior_discriminator import PriorDiscriminator
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class PriorMatchingGame(ThreePlayerGame):
    """An encoder matches two priors, and the generator follows the encoder's mean.

    The discriminator network is the encoder E, its logit the encoding y (B, 1). E learns to make N(mu_P, 1) of real
    images and N(mu_Q, 1) of generated ones; two small critics, one for each prior, tell its encodings from draws, as in
    `PriorMatching`. The generator moves the mean of its images' encodings to mu_P:

        L_E = softplus(-T_P(E(x))) + softplus(-T_Q(E(G(z))))        against the critics' own losses
        L_G = (mean(E(G(z))) - mu_P)^2

    The overlap of the priors, chosen by `separation`, bounds how well E can tell real from generated images. The
    critics train after each update of the encoder, on the same encodings. The paper adds a `ContractivePenalty`.

    Args:
        separation: `mu_P - mu_Q`, in standard deviations of the priors; the means lie symmetrically around 0.
        critic_units: Units of the critics' hidden layers.
        critic_clip_norm: Largest norm of the critics' gradient, which is scaled down to it.

    Raises:
        InputError: The separation or the norm is not positive, or a hidden layer has less than one unit.

    Source: Hjelm et al., ICLR 2019, Appendix A.8, Eq. 13 to 15. The encoder's side of Eq. 14 uses the non-saturating
        loss, as the paper's code does for prior matching.
    """

    def __init__(
        self,
        separation: float = 2.0,
        *,
        critic_units: Sequence[int] = (64, 64),
        critic_clip_norm: float = 1.0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(separation=float(separation), critic_clip_norm=float(critic_clip_norm))
        self.separation = separation
        self.critic_units = tuple(critic_units)
        self.critic_clip_norm = critic_clip_norm
        self.real_critic = PriorDiscriminator(self.critic_units, name="real_critic", dtype=self.dtype_policy)
        self.fake_critic = PriorDiscriminator(self.critic_units, name="fake_critic", dtype=self.dtype_policy)

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        for critic in (self.real_critic, self.fake_critic):
            critic.build(shapes["logits"])

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        real, fake = self.real_critic(real_logits), self.fake_critic(fake_logits)
        return non_saturating_generator_loss(real) + non_saturating_generator_loss(fake)

    def generator_loss(self, fake_logits: Tensor) -> Tensor:
        return tf.square(tf.reduce_mean(distribution.gather(fake_logits)) - self.separation / 2)

    def critic_loss(self, real_logits: Tensor, fake_logits: Tensor, seed_for: Callable[[str], Tensor]) -> Tensor:
        sides = (
            (self.real_critic, real_logits, self.separation / 2, seed_for("real")),
            (self.fake_critic, fake_logits, -self.separation / 2, seed_for("fake")),
        )
        losses = []
        for critic, encodings, mean, seed in sides:
            draws = mean + _standard_normal(distribution.num_rows(encodings), seed)
            losses.append(minimax_discriminator_loss(critic(draws), critic(encodings)))
        return tf.add_n(losses)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, PriorMatchingGame)}


def _standard_normal(batch_size: int | Tensor, seed: Tensor) -> Tensor:
    """Draws this replica's values (B, 1)."""
    return distribution.replica_share(lambda rows: tf.random.stateless_normal([rows, 1], seed), batch_size)
