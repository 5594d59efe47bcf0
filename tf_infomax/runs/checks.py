"""Checks that a run makes before anything is written."""

import math

from tf_infomax import data
from tf_infomax.errors import InputError
from tf_infomax.presets import Preset
from tf_infomax.runs.config import FOLDER
from tf_infomax.runs.options import RunOptions

SEEDS = range(2**32)
"""Seeds of runs: those of Keras."""


def check_options(preset: Preset, options: RunOptions, num_replicas: int) -> None:
    """Raises an InputError if a setting is out of range, the batch cannot be divided, or an option does not apply."""
    for name, value in preset.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(f"`{name}` must be finite. Received: {value}")
    if preset.seed not in SEEDS:
        raise InputError(f"`seed` must be from 0 to 2**32 - 1. Received: {preset.seed}")
    if preset.batch_size % num_replicas:
        raise InputError(
            f"`batch_size` must be a multiple of the {num_replicas} replicas. Received: {preset.batch_size}"
        )
    if options.skip_unreadable and preset.data.dataset != FOLDER:
        raise InputError(f"`skip_unreadable` is for the dataset {FOLDER}. Received: {preset.data.dataset}")


def check_labels(who: str, num_classes: int, source: data.ImageSource) -> None:
    """Raises an InputError unless a source has labels of the right number of classes.

    Args:
        who: Subject of the error message.
        num_classes: Number of classes of the model.
        source: The data.
    """
    where = f"{source.name} (split {source.split})"
    if source.num_classes is None:
        raise InputError(f"{who} needs labels, and {where} has none; choose a preset without classes.")
    if num_classes != source.num_classes:
        raise InputError(f"`num_classes` must be {source.num_classes} for {where}. Received: {num_classes}")
