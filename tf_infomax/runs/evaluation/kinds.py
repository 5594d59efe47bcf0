"""Kinds of samples, told apart by what is found at a path."""

from pathlib import Path

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.models.pretrained.addresses import is_address
from tf_infomax.runs.directory import CONFIG
from tf_infomax.runs.evaluation.given_samples import archive_samples, folder_samples
from tf_infomax.runs.evaluation.samples import ExportedSamples, GeneratedSamples, RunSamples, SavedModelSamples
from tf_infomax.runs.options import EvaluationOptions
from tf_infomax.runs.saved_model import trained_model

ARCHIVE = ".npz"


def holds_run(path: Path) -> bool:
    """Whether a path is the directory of a run."""
    return (path / CONFIG).is_file() and not is_address(path)


def open_samples(place: Path | str, options: EvaluationOptions) -> GeneratedSamples:
    """Opens the samples at a place.

    Args:
        place: The directory of a run, the address of a saved model, the folder of one version of an export, a folder of
            images, or an `.npz`.
        options: Options of the evaluation.

    Raises:
        InputError: There is nothing of the kind, or an option does not apply to it.
    """
    # Before TensorFlow starts with the model: a CPU can be split into devices only until then.
    distribution.make_strategy(options.strategy, replicas=options.replicas)
    path, kind = Path(place), SavedModelSamples if is_address(place) else RunSamples
    if kind is SavedModelSamples or holds_run(path):
        return kind(
            trained_model(place),
            model=options.model,
            weights=options.weights,
            as_in_training=options.batch_statistics,
        )
    if options.weights or options.batch_statistics or options.model != "last":
        raise InputError(f"`model`, `weights` and `batch_statistics` are for runs and saved models. Received: {path}")
    if tf.saved_model.contains_saved_model(str(path)):
        return ExportedSamples(path)
    if path.is_file() and path.suffix == ARCHIVE:
        return archive_samples(path)
    if path.is_dir():
        return folder_samples(path, cache_dir=options.cache_dir)
    raise InputError(
        "Samples must be a run, a saved model, an exported generator, a folder of images or an .npz file. "
        f"Received: {place}"
    )
