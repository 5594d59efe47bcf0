"""What an auxiliary objective is."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.types import Features, Logs, Tensor

_INPUTS = ("latents", "images")
"""What of the shapes at `build` is no output of the discriminator."""


class TrainingBatch(NamedTuple):
    """What one update of one player has computed already; fields that it has not are None."""

    latents: Tensor
    """(B, Z) float32."""
    fake_images: Tensor
    """(B, H, W, C) float32 in [-1, 1], or points (B, D) float32."""
    fake_features: Features
    """The discriminator's output on `fake_images`."""
    real_images: Tensor | None = None
    """As `fake_images`; in a discriminator update."""
    real_features: Features | None = None
    """The discriminator's output on `real_images`; in a discriminator update."""
    labels: Tensor | None = None
    """(B,) integers of the real images; where the data has them."""
    fake_labels: Tensor | None = None
    """(B,) int64 of the fake images; where the generator is conditional."""
    seed: Tensor | None = None
    """(2,) int32 for `tf.random.stateless_*`: differs between steps, players and objectives, not between replicas."""


class AuxiliaryObjective(keras.layers.Layer):
    """A loss with weights of its own that joins the adversarial game of a `GAN`.

    A subclass overrides `discriminator_loss`, `generator_loss` or both, and creates its heads in `build`. Heads train
    with the discriminator's optimizer, unless `heads_train_with` says otherwise; the generator differentiates through
    them. Losses are means over the replica's batch, unweighted: the `GAN` weighs, adds and scales them.

    Args:
        discriminator_weight: Weight (beta) in the discriminator's loss; 0 skips the term.
        generator_weight: Weight (alpha) in the generator's loss; 0 skips the term.

    Raises:
        InputError: A weight is negative.
    """

    metric_names: tuple[str, ...] = ()
    """Names of the metrics that the two losses return; logged as `<objective's name>/<metric>`."""

    heads_train_with: Literal["discriminator", "generator"] = "discriminator"
    """The player whose optimizer trains the heads."""

    clip_to_adversarial: bool = False
    """Whether this term's gradient in the generator is scaled down to the norm of the adversarial one where it is
    larger; the factor is logged as `<objective's name>/clip_factor`."""

    def __init__(self, *, discriminator_weight: float, generator_weight: float, **kwargs) -> None:
        super().__init__(**kwargs)
        for name, weight in (("discriminator", discriminator_weight), ("generator", generator_weight)):
            if weight < 0:
                raise InputError(f"`{name}_weight` must not be negative. Received: {weight}")
        self.discriminator_weight = discriminator_weight
        self.generator_weight = generator_weight

    def metrics_of(self, **players: str) -> tuple[str, ...]:
        """Returns the metrics, each under the player that measures it, of the players that have this objective."""
        return tuple(metric for player, metric in players.items() if getattr(self, f"{player}_weight") > 0)

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        """Creates the heads.

        Args:
            shapes: Of `latents`, `images` and each of the discriminator's outputs, batch axis first.
        """

    def required(self, shapes: Mapping[str, tuple[int | None, ...]], output: str) -> tuple[int | None, ...]:
        """Returns the shape of one of the discriminator's outputs.

        Raises:
            InputError: The discriminator does not have that output.
        """
        if output in _INPUTS:
            raise InputError(f"{type(self).__name__} needs one of the discriminator's outputs. Received: {output}")
        if output not in shapes:
            known = ", ".join(name for name in shapes if name not in _INPUTS) or "none"
            raise InputError(f"{type(self).__name__} needs a discriminator that returns `{output}`. Received: {known}")
        return shapes[output]

    def discriminator_loss(self, discriminator: keras.Model, batch: TrainingBatch) -> tuple[Tensor, Logs]:
        """Returns the discriminator's term, a scalar, and metrics."""
        return tf.zeros([]), {}

    def generator_loss(self, discriminator: keras.Model, batch: TrainingBatch) -> tuple[Tensor, Logs]:
        """Returns the generator's term, a scalar, and metrics."""
        return tf.zeros([]), {}

    def get_config(self) -> dict:
        config = {"discriminator_weight": self.discriminator_weight, "generator_weight": self.generator_weight}
        return {**super().get_config(), **config}
