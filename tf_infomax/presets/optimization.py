"""The optimisation of a preset: Adam for every player, learning-rate decay, precision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import tyro

from tf_infomax.errors import InputError, check_choice, check_positive

if TYPE_CHECKING:
    import keras

Decay = Literal["linear", "none"]
Precision = Literal["float32", "mixed_bfloat16"]

# Given with its value: defaults differ between presets, and a command should not depend on them.
Switch = Annotated[bool, tyro.conf.FlagConversionOff]


@dataclass(frozen=True)
class Optimization:
    """Adam and precision, for all players."""

    learning_rate: float = 2e-4
    """Adam's learning rate."""
    beta_1: float = 0.0
    """Adam's decay of the first moment."""
    beta_2: float = 0.9
    """Adam's decay of the second moment."""
    decay: Decay = "linear"
    """Decay of the learning rate: linear to zero at the last step, or none."""
    precision: Precision = "float32"
    """Dtype policy of the networks; losses and normalisation stay float32."""
    jit_compile: Switch = False
    """Compile the training step with XLA; one device only, other random numbers."""

    def __post_init__(self) -> None:
        check_positive(learning_rate=self.learning_rate)
        for name, value in (("beta_1", self.beta_1), ("beta_2", self.beta_2)):
            if not 0 <= value < 1:
                raise InputError(f"`{name}` must be at least 0 and below 1. Received: {value}")
        check_choice("decay", self.decay, get_args(Decay))
        check_choice("precision", self.precision, get_args(Precision))

    def rate_of(self, player: str) -> float:
        """Returns the initial learning rate of a player."""
        return self.learning_rate

    def optimizers(
        self, updates_per_step: Mapping[str, int], num_steps: int, extensions: Sequence[int] = ()
    ) -> "dict[str, keras.optimizers.Optimizer]":
        """Builds an optimizer for each player.

        Args:
            updates_per_step: Updates per training step, by player.
            num_steps: Training steps, after which a decaying rate is zero.
            extensions: Later ends of training, see `LinearDecay`.
        """
        return {
            player: self._optimizer(player, updates, num_steps, extensions)
            for player, updates in updates_per_step.items()
        }

    def _optimizer(
        self, player: str, updates: int, num_steps: int, extensions: Sequence[int]
    ) -> "keras.optimizers.Optimizer":
        from tf_infomax.models.optimizers import default_optimizer
        from tf_infomax.models.schedules import LinearDecay

        rate: Any = self.rate_of(player)
        if self.decay == "linear":
            rate = LinearDecay(rate, num_steps, updates_per_step=updates, extensions=extensions)
        return default_optimizer(rate, beta_1=self.beta_1, beta_2=self.beta_2)


@dataclass(frozen=True)
class GANOptimization(Optimization):
    """Adam and precision of generator and discriminator, each with its own rate."""

    discriminator_learning_rate: float | None = None
    """Learning rate of the discriminator; the generator's if none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.discriminator_learning_rate is not None:
            check_positive(discriminator_learning_rate=self.discriminator_learning_rate)

    def rate_of(self, player: str) -> float:
        if player == "generator" or self.discriminator_learning_rate is None:
            return self.learning_rate
        return self.discriminator_learning_rate
