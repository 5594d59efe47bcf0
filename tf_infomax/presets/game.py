"""The game of a preset: its players, their updates and their losses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tf_infomax.errors import check_positive
from tf_infomax.presets.settings import Settings

AdversarialLossName = Literal["hinge", "non_saturating", "minimax", "wasserstein"]
AugmentationName = Literal["diffaugment", "ada"]


@dataclass(frozen=True)
class EncoderGame:
    """An encoder and the critics that train against it, with one update each per step."""

    @property
    def updates_per_step(self) -> Mapping[str, int]:
        """Updates of each player per training step."""
        return {"encoder": 1, "critic": 1}

    @property
    def batches_per_step(self) -> int:
        """Batches of real images per training step."""
        return 1

    def compile_arguments(self) -> dict[str, Any]:
        """Returns the arguments of the model's `compile` besides optimizers."""
        return {}


@dataclass(frozen=True)
class GANGame(EncoderGame):
    """A generator against a discriminator, which makes several updates for each of the generator's."""

    discriminator_steps: int = field(default=5, kw_only=True)
    """Discriminator updates in a training step (n_dis)."""
    augment: AugmentationName | None = field(default=None, kw_only=True)
    """Changes of what the discriminator sees; for data with few images: diffaugment, always; ada, as often
    as it overfits; none if none."""

    def __post_init__(self) -> None:
        check_positive(discriminator_steps=self.discriminator_steps)

    @property
    def updates_per_step(self) -> Mapping[str, int]:
        return {"generator": 1, "discriminator": self.discriminator_steps}

    @property
    def batches_per_step(self) -> int:
        return self.discriminator_steps

    def compile_arguments(self) -> dict[str, Any]:
        return {"discriminator_steps": self.discriminator_steps, "augmentation": self.augment}


@dataclass(frozen=True)
class AdversarialGame(GANGame):
    """A generator against a discriminator, in a named game."""

    adversarial_loss: AdversarialLossName = "hinge"
    """The game."""

    def compile_arguments(self) -> dict[str, Any]:
        return {"adversarial_loss": self.adversarial_loss, **super().compile_arguments()}


@dataclass(frozen=True)
class GameOfThree(GANGame):
    """A game with its own settings and a third player such as the critic of prior matching, updated like the second."""

    game: Settings
    """The game."""

    @property
    def updates_per_step(self) -> Mapping[str, int]:
        return {**super().updates_per_step, "critic": self.discriminator_steps}

    def compile_arguments(self) -> dict[str, Any]:
        return {"adversarial_loss": self.game.build({}), **super().compile_arguments()}
