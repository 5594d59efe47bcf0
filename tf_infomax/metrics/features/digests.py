"""Digests of networks, to tell them apart in records."""

import hashlib
from pathlib import Path

import keras
import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.files import sha256_of


def digest_of(path: Path) -> str:
    """Returns `sha256_of` the files of a network.

    Raises:
        InputError: There is nothing at that path, or it cannot be read.
    """
    try:
        return sha256_of(path)
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
