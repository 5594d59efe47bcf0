"""Archives of arrays (.npz)."""

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile

from tf_infomax.errors import InputError
from tf_infomax.files import UNREADABLE_ARCHIVE


@contextlib.contextmanager
def opened_arrays(path: Path) -> Iterator[NpzFile]:
    """Opens an archive, whose arrays are read when they are taken.

    Raises:
        InputError: It, or an array that is taken, cannot be read.
    """
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise InputError(f"{path} must be a whole archive of arrays (.npz). Received: a file that is none")
            with np.load(file, allow_pickle=False) as archive:
                yield archive
    except (*UNREADABLE_ARCHIVE, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} cannot be read as an archive of arrays (.npz): {error}") from error
