"""Kinds of samples, told apart by what is found at a path."""

from pathlib import Path

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import CONFIG, RunDirectory
from tf_infomax.runs.evaluation.given_samples import archive_samples, folder_samples
from tf_infomax.runs.evaluation.samples import ExportedSamples, GeneratedSamples, RunSamples
from tf_infomax.runs.options import EvaluationOptions

ARCHIVE = ".npz"


def holds_run(path: Path) -> bool:
    """Whether a path is the directory of a run."""
    return (path / CONFIG).is_file()


def open_samples(path: Path, options: EvaluationOptions) -> GeneratedSamples:
    """Opens the samples at a path.

    Args:
        path: The directory of a run, the folder of one version of an export, a folder of images, or an `.npz`.
        options: Options of the evaluation.

    Raises:
        InputError: There is nothing of the kind, or an option does not apply to it.
    """
    # Before TensorFlow starts with the model: a CPU can be split into devices only until then.
    distribution.make_strategy(options.strategy, replicas=options.replicas)
    if holds_run(path):
        return RunSamples(
            RunDirectory(path),
            model=options.model,
            weights=options.weights,
            as_in_training=options.batch_statistics,
        )
    if options.weights or options.batch_statistics or options.model != "last":
        raise InputError(f"`model`, `weights` and `batch_statistics` are for runs, and {path} is not one.")
    if tf.saved_model.contains_saved_model(str(path)):
        return ExportedSamples(path)
    if path.is_file() and path.suffix == ARCHIVE:
        return archive_samples(path)
    if path.is_dir():
        return folder_samples(path, cache_dir=options.cache_dir)
    raise InputError(
        f"Samples must be a run, an exported generator, a folder of images or an .npz file. Received: {path}"
    )
