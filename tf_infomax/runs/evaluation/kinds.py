"""Kinds of samples, told apart by what is found at a path."""

from pathlib import Path

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.models.pretrained.addresses import is_address
from tf_infomax.runs.directory import CONFIG
from tf_infomax.runs.evaluation.given_samples import archive_samples, folder_samples
from tf_infomax.runs.evaluation.samples import ExportedSamples, GeneratedSamples, RunSamples, SavedModelSamples
from tf_infomax.runs.options import EvaluationOptions
from tf_infomax.runs.saved_model import trained_model
from tf_infomax.serving.formats.exports import format_in
from tf_infomax.serving.versions import holds_saved_model, latest_version, versions_in

ARCHIVE = ".npz"


def holds_run(path: Path) -> bool:
    """Whether a path is the directory of a run."""
    return (path / CONFIG).is_file() and not is_address(path)


def open_samples(place: Path | str, options: EvaluationOptions) -> GeneratedSamples:
    """Opens the samples at a place.

    Args:
        place: The directory of a run, the address of a saved model, the folder of an export or of one of its versions,
            a folder of images, or an `.npz`.
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
    if (export := _export_at(path)) is not None:
        return ExportedSamples(export)
    if path.is_file() and path.suffix == ARCHIVE:
        return archive_samples(path)
    if path.is_dir():
        return folder_samples(path, cache_dir=options.cache_dir)
    raise InputError(
        "Samples must be a run, a saved model, an exported generator, a folder of images or an .npz file. "
        f"Received: {place}"
    )


def _export_at(path: Path) -> Path | None:
    """Returns the folder of a SavedModel at a path, the highest version in the folder of a model; None without one.

    Raises:
        InputError: The export has another format.
    """
    folders = [path, latest_version(path)] if versions_in(path) else [path]
    for folder in folders:
        if holds_saved_model(folder):
            return folder
        if (name := format_in(folder)) is not None:
            raise InputError(f"An exported generator is measured as SavedModel. Received: {folder}, in format {name}")
    return None  # Folders of classes may have numbers for names, too.
