"""Training of encoders by Deep InfoMax."""

from pathlib import Path
from typing import Any

from tf_infomax import data
from tf_infomax.errors import InputError
from tf_infomax.models import DeepInfoMax
from tf_infomax.objectives import Classification
from tf_infomax.presets import Preset
from tf_infomax.runs.checks import check_labels
from tf_infomax.runs.options import RunOptions
from tf_infomax.runs.probing.subject import Subject
from tf_infomax.runs.task import Task
from tf_infomax.serving import Verification, Version, export_encoder, verify_encoder_export


class EncoderTask(Task[DeepInfoMax, RunOptions]):
    """Deep InfoMax."""

    model_file = "deep_infomax.keras"

    def default_options(self) -> RunOptions:
        return RunOptions()

    def check_source(self, model: DeepInfoMax, preset: Preset, source: data.ImageSource) -> None:
        if not model.objectives and preset.steps:
            raise InputError(
                f"Without objectives there is nothing to train: `steps` must be 0. Received: {preset.steps}"
            )
        self._check_negatives(model, preset)
        self._check_rows(model, preset, source)
        supervised = [objective for objective in model.objectives if isinstance(objective, Classification)]
        if supervised:
            check_labels("The objective classification", supervised[0].num_classes, source)

    def _check_negatives(self, model: DeepInfoMax, preset: Preset) -> None:
        for objective in model.objectives:
            number = getattr(objective, "num_negatives", None)
            if number is not None and number >= preset.batch_size:
                raise InputError(
                    f"`num_negatives` must be below `batch_size` = {preset.batch_size}. Received: {number}"
                )

    def _check_rows(self, model: DeepInfoMax, preset: Preset, source: data.ImageSource) -> None:
        """Checks the number of images, with which batches have row numbers in place of labels."""
        number = preset.data.given.get("num_images")
        if number is None:
            return
        supervised = any(isinstance(objective, Classification) for objective in model.objectives)
        if supervised or not any(hasattr(objective, "num_images") for objective in model.objectives):
            names = ", ".join(objective.name for objective in model.objectives)
            raise InputError(
                "`num_images` is for objectives that take row numbers in place of labels, as NoiseAsTargets does. "
                f"Received: {number} with {names or 'no objectives'}"
            )
        if number != source.num_images:
            where = f"{source.name} (split {source.split})"
            raise InputError(f"`num_images` must be {source.num_images} for {where}. Received: {number}")

    def export(
        self, model: DeepInfoMax, directory: Path | str, *, version: Version, max_rows: int, origin: dict[str, Any]
    ) -> Path:
        return export_encoder(model, directory, version=version, max_rows=max_rows, origin=origin)

    def verify(self, saved_model: Path | str, model: DeepInfoMax, *, num_images: int, seed: int) -> Verification:
        return verify_encoder_export(saved_model, model, num_images=num_images, seed=seed)

    def subject(self, model: DeepInfoMax) -> Subject:
        return Subject(type(model.encoder).__name__, model, ("conv", "fc", "output"), "output", model.encoder)
