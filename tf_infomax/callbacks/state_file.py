"""Files of training states: HDF5, followed by a digest of it, so that no altered byte goes unnoticed."""

import hashlib
import re
from pathlib import Path

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.files import write_bytes
from tf_infomax.models.players import PlayersModel

SUFFIX = ".weights.h5"

_DIGEST = re.compile(rb"\nsha256 ([0-9a-f]{64})\n")
_DIGEST_LENGTH = len("\nsha256 \n") + 64
_BLOCK = 2**20


def write_state(model: PlayersModel, path: Path) -> None:
    """Writes the weights of a model and all optimizers, atomically.

    HDF5 readers ignore what follows the file's own end, so the file is one of Keras' like any other.

    Raises:
        NotWritten: The disk is full, read-only or damaged.
    """
    content = compat.weights_in_memory(model)
    write_bytes(path, content, b"\nsha256 %s\n" % hashlib.sha256(content).hexdigest().encode())


def read_state(model: PlayersModel, path: Path) -> None:
    """Loads the weights of a model and all optimizers; a damaged file may have set some of them.

    States of versions before 0.3 have no digest and are read all the same.

    Raises:
        InputError: The file is damaged.
    """
    try:
        if not _is_unaltered(path):
            raise InputError("its digest is another")
        model.load_weights(path)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{path} is damaged ({reason})") from error


def _is_unaltered(path: Path) -> bool:
    """Whether a file has the digest at its end, or none."""
    with path.open("rb") as file:
        length = max(0, path.stat().st_size - _DIGEST_LENGTH)
        file.seek(length)
        match = _DIGEST.fullmatch(file.read())
        if match is None:
            return True
        file.seek(0)
        digest = hashlib.sha256()
        while length:
            block = file.read(min(_BLOCK, length))
            digest.update(block)
            length -= len(block)
    return digest.hexdigest().encode() == match[1]
