"""The base classes of adversarial games, with two players and with three."""

from collections.abc import Callable, Mapping

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.models.clipping import ADVERSARIAL, clipped_to_norm, gradients_of
from tf_infomax.models.optimizers import chosen_optimizer, default_optimizer
from tf_infomax.objectives import Batch, DiscriminatorBatch, Term, check_overrides
from tf_infomax.types import Logs, Tensor

CRITIC_LOSS = "critic/total"
"""Name under which a critic's loss is logged."""


class AdversarialGame(keras.layers.Layer):
    """A game of generator and discriminator: one loss each, on the discriminator's logits.

    A subclass overrides `discriminator_loss` and `generator_loss`, and `get_config` where its constructor has
    arguments. Losses are means over the replica's batch; each player minimises its own. A loss on more than logits is
    an objective; a game with weights of its own is a `ThreePlayerGame`.

    Raises:
        InputError: One of the two losses is not overridden.
    """

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        base = AdversarialGame
        check_overrides(type(self), base, base.discriminator_loss, base.generator_loss)

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Returns the discriminator's loss, a scalar, on logits (B, 1) of real and of fake images."""
        raise NotImplementedError

    def generator_loss(self, fake_logits: Tensor) -> Tensor:
        """Returns the generator's loss, a scalar, on logits (B, 1) of its images."""
        raise NotImplementedError

    def indifferent_logit(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor | float:
        """Returns the logit at which the discriminator takes an image neither for real nor for generated: 0.

        A game overrides it where losses depend on differences of logits alone. It decides on the overfitting that an
        `AdaptiveAugmentation` sees.

        Args:
            real_logits: (B, 1), of real images.
            fake_logits: (B, 1), of generated ones.

        Returns:
            A scalar, the same on all replicas.
        """
        return 0.0

    def get_build_config(self) -> None:
        """Returns nothing: `GAN.compile` builds a game, when it is revived too."""

    def critic_optimizer(self, given: keras.optimizers.Optimizer | None) -> keras.optimizers.Optimizer | None:
        """Returns None: there is no third player.

        Raises:
            InputError: An optimizer is given.
        """
        if given is not None:
            raise InputError(
                f"`critic_optimizer` must be None for a game without a critic, as {type(self).__name__} is. "
                f"Received: {type(given).__name__}"
            )
        return None

    def term(self, batch: Batch) -> Term:
        """Returns the game's term in the loss of the player that the batch belongs to."""
        fake_logits = batch.fake_features["logits"]
        if isinstance(batch, DiscriminatorBatch):
            loss = self.discriminator_loss(batch.real_features["logits"], fake_logits)
        else:
            loss = self.generator_loss(fake_logits)
        return Term(ADVERSARIAL, loss, loss, {})


class ThreePlayerGame(AdversarialGame):
    """A game with a critic, a third player that trains on the logits after each discriminator update.

    A subclass also overrides `critic_loss`, creates the critic's networks in `build`, and may set `critic_clip_norm`.
    The networks belong to the game: they are saved with the model, and train with the `critic_optimizer` of
    `GAN.compile`. The two losses of the game may differentiate through them.

    Raises:
        InputError: One of the three losses is not overridden.
    """

    critic_clip_norm: float | None = None
    """Largest norm of the critic's gradient, which is scaled down to it; None for no limit."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        check_overrides(type(self), ThreePlayerGame, ThreePlayerGame.critic_loss)

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        """Creates the critic.

        Args:
            shapes: Shapes of `latents`, `images` and each output of the discriminator, batch axis first.
        """

    def critic_optimizer(self, given: keras.optimizers.Optimizer | None) -> keras.optimizers.Optimizer:
        """Returns the critic's optimizer, the default one if None is given, with its variables built."""
        optimizer = chosen_optimizer(given, default_optimizer)
        optimizer.build(self.trainable_variables)
        return optimizer

    def critic_loss(self, real_logits: Tensor, fake_logits: Tensor, seed_for: Callable[[str], Tensor]) -> Tensor:
        """Returns the critic's loss, a scalar.

        Args:
            real_logits: (B, 1), without gradient, from the preceding discriminator update.
            fake_logits: Likewise.
            seed_for: Maps a purpose to a seed (2,) int32 for `tf.random.stateless_*`, the same on all replicas.
        """
        raise NotImplementedError

    def update_critic(
        self,
        real_logits: Tensor,
        fake_logits: Tensor,
        *,
        optimizer: keras.optimizers.Optimizer,
        seed_for: Callable[[str], Tensor],
    ) -> Logs:
        """Updates the critic once and returns its loss by name. Arguments are those of `critic_loss`."""
        with tf.GradientTape() as tape:
            loss = self.critic_loss(tf.stop_gradient(real_logits), tf.stop_gradient(fake_logits), seed_for)
            scaled = distribution.scale_loss(loss)
        variables = self.trainable_variables
        gradients = clipped_to_norm(gradients_of(tape, [scaled], variables), self.critic_clip_norm)
        optimizer.apply(gradients, variables)
        return {CRITIC_LOSS: loss}
