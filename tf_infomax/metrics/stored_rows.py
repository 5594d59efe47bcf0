"""Arrays in files, read a part at a time, for features that are too large for memory."""

from pathlib import Path
from typing import Any

import numpy as np

from tf_infomax.types import Array


class StoredRows:
    """The rows of a `.npy` file, read when they are asked for and not kept.

    `rows[10:20]` and `rows[indices]` read copies of those rows. A mapped array would do the same, but the pages that
    were read once would count as memory of the process.

    Args:
        path: A file of `numpy.save`.
        num_rows: Number of rows, the first ones of the file; all if None.
    """

    def __init__(self, path: Path, num_rows: int | None = None) -> None:
        self.path = path
        self.num_rows = num_rows
        mapped = self._map()
        self.shape: tuple[int, ...] = mapped.shape
        self.dtype = mapped.dtype

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Array:
        return np.array(self._map()[rows])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self[:], dtype)

    @property
    def nbytes(self) -> int:
        """Size of the array in bytes."""
        return int(np.prod(self.shape)) * self.dtype.itemsize

    def _map(self) -> Array:
        return np.load(self.path, mmap_mode="r", allow_pickle=False)[: self.num_rows]


def first_rows(rows: Array | StoredRows, num_rows: int) -> Array | StoredRows:
    """Returns the first rows of an array, of stored ones without reading them."""
    return StoredRows(rows.path, min(num_rows, len(rows))) if isinstance(rows, StoredRows) else rows[:num_rows]
