"""SavedModels on disk: written whole or not at all, with their origin, and loaded with TensorFlow alone."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.files import atomic_folder, write_json

ORIGIN_FILE = Path("assets.extra") / "origin.json"
"""Where a SavedModel says which run it came from; TensorFlow Serving ignores it."""


def version_folder(directory: Path | str, version: int) -> Path:
    """Returns `directory/version`, as TensorFlow Serving expects models.

    Raises:
        InputError: The version is below 1 or exists already.
    """
    if version < 1:
        raise InputError(f"`version` must be at least 1. Received: {version}")
    target = Path(directory) / str(version)
    if target.exists():
        raise InputError(f"{target} exists already; choose another version.")
    return target


def write_archive(archive: keras.export.ExportArchive, target: Path, *, origin: dict[str, Any] | None = None) -> None:
    """Writes a SavedModel with its origin, whole or not at all."""
    # Until it is complete its name is not a number, so a server that watches the folder does not load it half-written.
    with atomic_folder(target) as folder:
        archive.write_out(str(folder), verbose=False)
        write_json(folder / ORIGIN_FILE, origin or {})


def read_origin(saved_model: Path | str) -> dict[str, Any]:
    """Reads the facts kept beside an exported model.

    Raises:
        InputError: There is no SavedModel of this package in the folder.
    """
    path = Path(saved_model) / ORIGIN_FILE
    if not path.is_file():
        raise InputError(f"{saved_model} holds no exported model: it has no {ORIGIN_FILE}.")
    return json.loads(path.read_text())


def load_signatures(saved_model: Path | str, *, required: Iterable[str]) -> dict[str, Any]:
    """Loads a SavedModel's signatures by name.

    Raises:
        InputError: There is no SavedModel in the folder, or it lacks a signature.
    """
    if not tf.saved_model.contains_saved_model(str(saved_model)):
        raise InputError(f"{saved_model} holds no SavedModel.")
    signatures = dict(tf.saved_model.load(str(saved_model)).signatures)
    missing = set(required) - set(signatures)
    if missing:
        raise InputError(f"{saved_model} has no signature {', '.join(sorted(missing))}.")
    return signatures


def describe(signature: Any) -> str:
    """Returns a signature as text: inputs -> outputs, each with dtype and shape."""
    _, inputs = signature.structured_input_signature
    parts = [
        ", ".join(f"{name} {spec.dtype.name} {spec.shape}" for name, spec in sorted(specs.items()))
        for specs in (inputs, signature.structured_outputs)
    ]
    return " -> ".join(parts)
