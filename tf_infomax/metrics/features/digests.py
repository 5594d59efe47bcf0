"""Digests of networks, to tell them apart in records."""

import hashlib
from pathlib import Path

import keras
import numpy as np

from tf_infomax.errors import InputError

_CHUNK = 1 << 20


def digest_of(path: Path) -> str:
    """Returns the SHA-256, in hexadecimal, of a file or of all files of a folder.

    That of a folder is the digest of the lines `DIGEST  RELATIVE/PATH`, in the order of the paths: what `sha256sum`
    prints for the files.

    Raises:
        InputError: There is nothing at that path, or it cannot be read.
    """
    try:
        return _digest_of_folder(path) if path.is_dir() else _digest_of_file(path)
    except OSError as error:
        raise InputError(f"expected the path of a network. Received: {str(path)!r} ({error})") from error


def digest_of_weights(model: keras.Model) -> str:
    """Returns the SHA-256, in hexadecimal, of the names, shapes, dtypes and bytes of a model's weights, in order."""
    digest = hashlib.sha256()
    for variable in model.weights:
        # Not `path`: Keras numbers layers without names by what the process has built before.
        digest.update(f"{variable.name} {tuple(variable.shape)} {variable.dtype}\n".encode())
        digest.update(np.ascontiguousarray(variable.numpy()).tobytes())
    return digest.hexdigest()


def _digest_of_folder(folder: Path) -> str:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [f"{_digest_of_file(folder / name)}  {name}\n" for name in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _digest_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
