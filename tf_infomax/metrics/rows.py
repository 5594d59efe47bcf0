"""Rows of features that need not be in memory: they are read and checked a block at a time."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from tf_infomax.metrics.stored_rows import StoredRows
from tf_infomax.metrics.validation import check_finite_values, check_matrix
from tf_infomax.types import Array, Tensor

BLOCK_ROWS = 1024
"""Rows in a block: at 2,048 features 16 MiB in float64."""


class Rows(Protocol):
    """A matrix (N, F) of which rows can be asked for, like a numpy array or `StoredRows`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(N, F)."""

    @property
    def dtype(self) -> Any:
        """Type of the values, numpy's."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any) -> Array: ...


class ShuffledRows:
    """Rows in a random order, read when they are asked for.

    Args:
        rows: (N, F).
        seed: Seed of the order.
    """

    def __init__(self, rows: Rows, seed: int) -> None:
        self.rows = rows
        self.seed = seed
        self.shape = rows.shape
        self.dtype = rows.dtype
        self._order = np.random.default_rng(seed).permutation(len(rows))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: Any) -> Array:
        return self.rows[self._order[rows]]


def as_rows(matrix: Rows | Tensor, *, name: str) -> Rows:
    """Returns `matrix` (N, F) so that rows can be read from it; their values are not checked.

    Raises:
        InputError: `matrix` is not a floating-point matrix of at least 2 rows and 1 column.
    """
    rows = matrix if isinstance(matrix, StoredRows | ShuffledRows) else np.asarray(matrix)
    check_matrix(rows.shape, rows.dtype, name=name)
    return rows


def read(rows: Rows, part: Any, *, name: str) -> Array:
    """Returns a part of rows as finite float64.

    Raises:
        InputError: A value is not finite.
    """
    values = rows[part]
    check_finite_values(values, name=name)
    return values.astype(np.float64)


def blocks(rows: Rows) -> list[slice]:
    """Returns the slices of consecutive blocks of rows."""
    return [slice(start, min(start + BLOCK_ROWS, len(rows))) for start in range(0, len(rows), BLOCK_ROWS)]


def read_blocks(rows: Rows, *, name: str) -> Iterator[Array]:
    """Yields all rows in blocks (B, F), as `read` returns them."""
    for block in blocks(rows):
        yield read(rows, block, name=name)
