"""What programs ask of a trained model, whether it is that of a run or a saved one."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.models import GAN, PlayersModel, current_step
from tf_infomax.runs.machine import versions
from tf_infomax.runs.records import Record

CLASS_NAMES = "class_names"
"""Entry of the configuration of a conditional run whose classes have names; earlier versions did not write it."""
STEPS_MADE = "steps_made"
"""Entry of the configuration of a saved model: the training steps behind its weights; version 0.2 did not write it."""


class TrainedModel(ABC):
    """A trained model, with the configuration of its run.

    Attributes:
        path: Its folder.
        picture: Path of a picture of its samples, which need not exist.
    """

    path: Path
    picture: Path

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """Returns the configuration of the run: preset, settings, dataset, versions.

        Raises:
            InputError: There is none, or its file is damaged.
        """

    @abstractmethod
    def load_model(self, *, best: bool = False) -> PlayersModel:
        """Reads the finished model, or the best one so far.

        Raises:
            InputError: There is none, or its file is damaged or of another program.
        """

    def steps_made(self, model: PlayersModel) -> int | None:
        """Returns the training steps behind a model that `load_model` read; None if that is not known."""
        return current_step(model)

    @abstractmethod
    def digest(self, *, best: bool = False) -> str:
        """Returns the digest of the finished model's file, or of the best one's.

        Raises:
            InputError: There is no such model.
        """

    def origin(self) -> dict[str, Any]:
        """Returns the origin that an exported model records.

        Raises:
            InputError: There is no finished model.
        """
        preset = self.config()["preset"]
        return {"run": str(self.path.resolve()), "preset": preset, "sha256": self.digest(), "versions": versions()}

    @abstractmethod
    def own_records(self, *, best: bool = False) -> list[Record]:
        """Returns the measurements of exactly the finished model, or of the best one.

        Raises:
            InputError: Their file is damaged.
        """

    def load_gan(self, *, best: bool = False) -> GAN:
        """Reads the finished GAN, or the best one so far.

        Raises:
            InputError: There is none, its file is damaged or of another program, or it is no GAN.
        """
        model = self.load_model(best=best)
        if not isinstance(model, GAN):
            raise InputError(f"{self.path} must hold a GAN. Received: a {type(model).__name__}")
        return model

    @property
    def class_names(self) -> list[str] | None:
        """Names of all classes of a conditional GAN; None where they have none.

        Raises:
            InputError: There is no configuration.
        """
        return self.config().get(CLASS_NAMES)
