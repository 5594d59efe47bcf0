"""Tasks of runs: the differences between kinds of models."""

import functools
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import keras

from tf_infomax import callbacks, data
from tf_infomax.errors import InputError
from tf_infomax.models import PlayersModel
from tf_infomax.presets import Preset
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.machine import versions
from tf_infomax.runs.options import RunOptions
from tf_infomax.runs.probing.subject import Subject
from tf_infomax.serving import Verification, Version
from tf_infomax.types import Array

M = TypeVar("M", bound=PlayersModel)
Options = TypeVar("Options", bound=RunOptions)


class Task(ABC, Generic[M, Options]):
    """One kind of model, from its options to its export. All runs take one path, which asks the task.

    A new kind of model is a subclass and a row of `TASKS`.
    """

    model_file: ClassVar[str]
    """Name of the finished model in the run directory."""

    @abstractmethod
    def default_options(self) -> Options:
        """Returns the default options of a run."""

    def check(self, preset: Preset, options: Options) -> None:
        """Raises an InputError if preset and options contradict each other. It is called first."""

    def build(self, preset: Preset, options: Options) -> M:
        """Builds and compiles the model, in the strategy's scope."""
        model: M = preset.build()
        return model

    @abstractmethod
    def check_source(self, model: M, preset: Preset, source: data.ImageSource) -> None:
        """Raises an InputError if the model cannot be trained on the data."""

    def watchers(
        self, run: RunDirectory, preset: Preset, source: data.ImageSource, options: Options
    ) -> Sequence[keras.callbacks.Callback]:
        """Returns the callbacks of training."""
        return [
            callbacks.Opening(
                run.logs,
                texts=_texts(preset),
                pictures=functools.partial(self.pictures, preset, source),
                picture_folder=run.samples,
            ),
            callbacks.StepScalars(run.logs, images_per_step=preset.images_per_step, every=options.log_every),
            callbacks.ProgressBar(preset.steps),
        ]

    def pictures(self, preset: Preset, source: data.ImageSource) -> Mapping[str, Array]:
        """Returns pictures of the data by name, for TensorBoard and the folder of samples."""
        return {}

    def finish(self, run: RunDirectory, model: M, preset: Preset, source: data.ImageSource) -> None:
        """Writes the files of a finished run besides its model."""

    def report(self, run: RunDirectory, preset: Preset) -> str:
        """Returns a program's report on a finished run: the path of its model, and the next steps."""
        return f"Model: {run.model_path}"

    @abstractmethod
    def export(
        self, model: M, directory: Path | str, *, version: Version, max_rows: int, origin: dict[str, Any]
    ) -> Path:
        """Writes a SavedModel as `directory/version` and returns that folder."""

    def export_as(
        self, name: str, model: M, directory: Path | str, *, version: Version, origin: dict[str, Any]
    ) -> Path:
        """Writes an export in another format as `directory/version` and returns that folder.

        Raises:
            InputError: The kind of model has SavedModels alone.
        """
        raise InputError(f"`format` must be saved_model for a {type(model).__name__}. Received: {name}")

    def verify_format(self, folder: Path | str, model: M, *, num_images: int, seed: int) -> Verification:
        """Compares an export in another format with the model it came from."""
        raise InputError(f"{folder} is no export of a {type(model).__name__}.")

    def recalibrate(self, model: M, num_latents: int) -> None:
        """Replaces the statistics of a generator's batch normalisation, as the function of this name does.

        Raises:
            InputError: The model has no generator, or its generator no batch normalisation.
        """
        raise InputError(f"`recalibrate` is for generators. Received: a {type(model).__name__}")

    @abstractmethod
    def verify(self, saved_model: Path | str, model: M, *, num_images: int, seed: int) -> Verification:
        """Compares a SavedModel with the model it came from."""

    @abstractmethod
    def subject(self, model: M) -> Subject:
        """Returns the network whose features are probed."""


def _texts(preset: Preset) -> dict[str, str]:
    """Returns the settings of a run and the versions of what decides its numbers, for TensorBoard."""
    return {
        "settings": callbacks.markdown_table(dict(preset.items())),
        "versions": callbacks.markdown_table(versions()),
    }
