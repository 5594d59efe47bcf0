"""The folder of a model: a folder for each version, named by its number, as TensorFlow Serving expects it."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.files import locked

Version = int | Literal["next"]
"""Number of a version, or the one after the highest."""

VERSIONS = range(1, 2**63)
"""Numbers of versions: what a request can name."""
LOCK = ".lock"
"""File that a writer of a version locks, and removes at its end; TensorFlow Serving looks at numbers alone."""


def versions_in(directory: Path | str) -> list[int]:
    """Returns the versions in the folder of a model in ascending order."""
    return sorted(_folders(directory))


def latest_version(directory: Path | str) -> Path:
    """Returns the folder of the highest version.

    Raises:
        InputError: There is no version in the folder, or no folder.
    """
    folders = _folders(directory)
    if not folders:
        raise InputError(f"{directory} holds no version of a model, such as {Path(directory) / '1'}.")
    return folders[max(folders)]


def _folders(directory: Path | str) -> dict[int, Path]:
    """Returns the folders of versions by number; a server reads 0002 as 2."""
    named = [path for path in Path(directory).glob("[0-9]*") if path.name.isdecimal() and path.is_dir()]
    return {number: path for path in named if (number := int(path.name)) < VERSIONS.stop}


def saved_model_in(path: Path | str) -> Path:
    """Returns the folder of a SavedModel: the path itself, or its highest version if it is the folder of a model.

    Raises:
        InputError: The path is neither, or the highest version has another format.
    """
    if holds_saved_model(path):
        return Path(path)
    folder = latest_version(path)
    if not holds_saved_model(folder):
        raise InputError(f"{folder} holds no SavedModel.")
    return folder


def holds_saved_model(folder: Path | str) -> bool:
    """Whether a folder is that of a SavedModel, of this package or another."""
    return bool(tf.saved_model.contains_saved_model(str(folder)))


@contextmanager
def new_version(directory: Path | str, version: Version) -> Iterator[Path]:
    """Yields the folder of a version to write, while no other process can choose the same.

    Raises:
        InputError: The version is below 1, above 2^63 - 1 or exists already.
    """
    if version != "next" and version not in VERSIONS:
        raise InputError(f"`version` must be at least 1, and below 2^63. Received: {version}")
    existed = Path(directory).exists()
    try:
        with locked(Path(directory) / LOCK):
            yield _free_folder(Path(directory), version)
    finally:
        if not existed:
            with contextlib.suppress(OSError):  # It has a version, or another process writes one.
                Path(directory).rmdir()


def _free_folder(directory: Path, version: Version) -> Path:
    versions = versions_in(directory)
    if version == "next":
        return directory / str(max(versions, default=0) + 1)
    if version in versions or (directory / str(version)).exists():
        raise InputError(f"{directory / str(version)} exists already; choose another version, or `next`.")
    return directory / str(version)
