"""SavedModels on disk: written whole or not at all, with their origin, and loaded with TensorFlow alone."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError, first_line
from tf_infomax.files import atomic_folder, read_json_object, write_json
from tf_infomax.serving.signature import Signature
from tf_infomax.serving.versions import holds_saved_model
from tf_infomax.serving.warm_up import prediction_log, write_records

ORIGIN_FILE = Path("assets.extra") / "origin.json"
"""Where a SavedModel says which run it came from; TensorFlow Serving ignores it."""


WARM_UP_FILE = Path("assets.extra") / "tf_serving_warmup_requests"
"""Requests that TensorFlow Serving replays before it serves a version."""


def write_archive(
    archive: keras.export.ExportArchive,
    target: Path,
    *,
    origin: dict[str, Any] | None = None,
    warm_up: Sequence[bytes] = (),
) -> None:
    """Writes a SavedModel with its origin and its warm-up records, whole or not at all.

    Raises:
        NotWritten: The disk is full, read-only or damaged; nothing of it is left.
    """
    # Until it is complete its name is not a number, so a server that watches the folder does not load it half-written.
    with atomic_folder(target) as folder:
        archive.write_out(str(folder), verbose=False)
        write_json(folder / ORIGIN_FILE, origin or {})
        if warm_up:
            write_records(folder / WARM_UP_FILE, warm_up)


def write_signatures(signatures: Sequence[Signature], target: Path, *, origin: dict[str, Any]) -> None:
    """Writes a SavedModel of signatures, with a warm-up record for each, as `write_archive` does."""
    archive = keras.export.ExportArchive()
    # Not `archive.track(network)`: endpoints track what they read, and Keras would add a signature of its own, without
    # the labels that a conditional generator asks for.
    for signature in signatures:
        archive.add_endpoint(signature.name, signature.function, list(signature.inputs))
    model = target.parent.name
    records = [prediction_log(model, signature.name, signature.example) for signature in signatures]
    write_archive(archive, target, origin=origin, warm_up=records)


def read_origin(saved_model: Path | str) -> dict[str, Any]:
    """Reads the facts kept beside an exported model.

    Raises:
        InputError: There is no SavedModel of this package in the folder, or the file with its origin is damaged.
    """
    path = Path(saved_model) / ORIGIN_FILE
    if not path.is_file():
        raise InputError(f"{saved_model} holds no exported model: it has no {ORIGIN_FILE}.")
    return read_json_object(path)


def max_rows_of(saved_model: Path | str) -> int | None:
    """Returns the largest number of rows of one request; None if the model has no limit or none is known."""
    path = Path(saved_model) / ORIGIN_FILE
    return read_json_object(path).get("max_rows") if path.is_file() else None


def load_archive(saved_model: Path | str) -> tuple[Any, dict[str, Any]]:
    """Loads a SavedModel.

    Returns:
        What TensorFlow loads, and the `SignatureDef` messages of the file by name.

    Raises:
        InputError: There is no SavedModel in the folder, or it is damaged.
    """
    if not holds_saved_model(saved_model):
        raise InputError(f"{saved_model} holds no SavedModel.")
    try:
        return tf.saved_model.load(str(saved_model)), compat.signature_defs(Path(saved_model))
    except Exception as error:  # Of a damaged file TensorFlow, protobuf and Keras raise nearly anything.
        raise InputError(f"{saved_model} cannot be loaded, it may be damaged: {first_line(error)}") from error


def load_signatures(saved_model: Path | str, *, required: Iterable[str]) -> dict[str, Any]:
    """Loads a SavedModel's signatures by name.

    Raises:
        InputError: There is no SavedModel in the folder, it is damaged, or it lacks a signature.
    """
    loaded, _ = load_archive(saved_model)
    signatures = dict(loaded.signatures)
    missing = set(required) - set(signatures)
    if missing:
        raise InputError(f"{saved_model} has no signature {', '.join(sorted(missing))}.")
    return signatures


def describe(signature: Any) -> str:
    """Returns a signature as text: inputs -> outputs, each with dtype and shape."""
    _, inputs = signature.structured_input_signature
    parts = [
        ", ".join(f"{name} {spec.dtype.name} {_shape_text(spec.shape)}" for name, spec in sorted(specs.items()))
        for specs in (inputs, signature.structured_outputs)
    ]
    return " -> ".join(parts)


def _shape_text(shape: tf.TensorShape) -> str:
    return "() or (M,)" if shape.rank is None else str(shape)
