"""The base class of auxiliary objectives."""

from collections.abc import Mapping
from typing import Literal

import keras

from tf_infomax.errors import InputError, check_finite
from tf_infomax.objectives.batches import Batch, DiscriminatorBatch, GeneratorBatch
from tf_infomax.objectives.contract import check_announced, look_alikes, overrides
from tf_infomax.objectives.terms import Term
from tf_infomax.types import Logs, Tensor

Player = Literal["discriminator", "generator"]
"""A player whose loss an objective can join."""

_INPUTS = ("latents", "images")
"""Keys of the shapes at `build` that are not outputs of the discriminator."""


class AuxiliaryObjective(keras.layers.Layer):
    """A loss, with its own weights, that joins the adversarial game of a `GAN`.

    A subclass overrides `discriminator_loss`, `generator_loss` or both. It may override

    - `build`, which creates its heads;
    - `get_config`, where its constructor takes more than the weights of the losses that it overrides;
    - the attributes `metric_names`, `metric_descriptions`, `heads_train_with` and `clip_to_adversarial`;

    and nothing else. Heads train with the discriminator's optimizer, unless `heads_train_with` says otherwise; the
    generator differentiates through them. Losses are means over the replica's batch, unweighted: `GAN` weighs, adds and
    scales them.

    Args:
        discriminator_weight: Weight (beta) in the discriminator's loss; 0 skips the term.
        generator_weight: Weight (alpha) in the generator's loss; 0 skips the term.

    Raises:
        InputError: A weight is negative, or positive without a loss that it weighs; or neither loss is overridden. When
            a step is traced, a loss returns a metric that `metric_names` does not announce.
    """

    metric_names: tuple[str, ...] = ()
    """Names of the metrics that the two losses return; logged as `<objective's name>/<metric>`."""

    metric_descriptions: Mapping[str, str] = {}
    """A line on some of these metrics, for TensorBoard."""

    heads_train_with: Player = "discriminator"
    """The player whose optimizer trains the heads."""

    clip_to_adversarial: bool = False
    """Whether a larger gradient of this term in the generator is scaled down to the norm of the adversarial one; the
    factor is logged as `<objective's name>/clip_factor`."""

    def __init__(self, *, discriminator_weight: float = 0.0, generator_weight: float = 0.0, **kwargs) -> None:
        super().__init__(**kwargs)
        self.discriminator_weight = discriminator_weight
        self.generator_weight = generator_weight
        self._check_losses()
        self._check_weights()

    def _check_losses(self) -> None:
        cls, base = type(self), AuxiliaryObjective
        losses = base.discriminator_loss, base.generator_loss
        if not any(overrides(cls, loss) for loss in losses):
            raise InputError(
                f"{cls.__name__} must override `discriminator_loss`, `generator_loss` or both. "
                f"Received: {look_alikes(cls, base, *losses)}"
            )

    def _check_weights(self) -> None:
        cls, base = type(self), AuxiliaryObjective
        for player, loss in (("discriminator", base.discriminator_loss), ("generator", base.generator_loss)):
            weight = self.player_weights[player]
            check_finite(**{f"{player}_weight": weight})
            if weight < 0:
                raise InputError(f"`{player}_weight` must not be negative. Received: {weight}")
            if weight > 0 and not overrides(cls, loss):
                raise InputError(
                    f"`{player}_weight` must be 0 for {cls.__name__}, which does not override `{loss.__name__}`. "
                    f"Received: {weight}, and {look_alikes(cls, base, loss)}"
                )

    @property
    def player_weights(self) -> Mapping[str, float]:
        """Weights by player."""
        return {"discriminator": self.discriminator_weight, "generator": self.generator_weight}

    def metrics_of(self, **players: str) -> tuple[str, ...]:
        """Returns the metrics of the players whose loss has this term."""
        return tuple(metric for player, metric in players.items() if self.player_weights[player] > 0)

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        """Creates the heads.

        Args:
            shapes: Shapes of `latents`, `images` and each output of the discriminator, batch axis first.
        """

    def required(self, shapes: Mapping[str, tuple[int | None, ...]], output: str) -> tuple[int | None, ...]:
        """Returns the shape of an output of the discriminator.

        Raises:
            InputError: The discriminator does not have that output.
        """
        if output in _INPUTS:
            raise InputError(f"{type(self).__name__} needs one of the discriminator's outputs. Received: {output}")
        if output not in shapes:
            known = ", ".join(name for name in shapes if name not in _INPUTS) or "none"
            raise InputError(f"{type(self).__name__} needs a discriminator that returns `{output}`. Received: {known}")
        return shapes[output]

    def discriminator_loss(self, discriminator: keras.Model, batch: DiscriminatorBatch) -> tuple[Tensor, Logs]:
        """Returns the discriminator's term, a scalar, and metrics."""
        raise NotImplementedError

    def generator_loss(self, discriminator: keras.Model, batch: GeneratorBatch) -> tuple[Tensor, Logs]:
        """Returns the generator's term, a scalar, and metrics."""
        raise NotImplementedError

    def term(self, discriminator: keras.Model, batch: Batch) -> Term:
        """Returns this objective's term in the loss of the player that the batch belongs to.

        Raises:
            InputError: The loss returns a metric that was not announced.
        """
        if isinstance(batch, DiscriminatorBatch):
            weight, (loss, metrics) = self.discriminator_weight, self.discriminator_loss(discriminator, batch)
        else:
            weight, (loss, metrics) = self.generator_weight, self.generator_loss(discriminator, batch)
        check_announced(self.name, self.metric_names, metrics)
        return Term(self.name, loss, weight * loss, metrics)

    def get_config(self) -> dict:
        config = super().get_config()
        if overrides(type(self), AuxiliaryObjective.discriminator_loss):
            config["discriminator_weight"] = self.discriminator_weight
        if overrides(type(self), AuxiliaryObjective.generator_loss):
            config["generator_weight"] = self.generator_weight
        return config
