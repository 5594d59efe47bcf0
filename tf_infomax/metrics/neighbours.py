"""Nearest neighbours among many rows, which may lie in a file."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.metrics.stored_rows import StoredRows
from tf_infomax.types import Array

_CHUNK_ROWS = 4096
_MAX_QUERIES = 2000


def nearest_neighbours(
    samples: Array, real: Array | StoredRows, num_neighbours: int = 5, *, order: Literal[1, 2] = 2
) -> tuple[Array, Array]:
    """Finds which rows of `real` are nearest to each sample.

    The search is exact and in float64, one part of `real` at a time. A copy has a distance of exactly 0.

    Args:
        samples: (N, F).
        real: (M, F).
        num_neighbours: k, at most M.
        order: Of the norm of a difference: 2 for Euclidean distances, 1 for sums of absolute differences.

    Returns:
        Indices of rows (N, k), int64, nearest first, and their distances (N, k), float64.

    Raises:
        InputError: The widths differ, there are no samples or fewer rows than neighbours, or a sample is not finite.
    """
    if np.ndim(samples) != 2 or len(real.shape) != 2 or samples.shape[1] != real.shape[1]:
        raise InputError(
            f"expected samples (N, F) and real rows (M, F) of one width. Received: {samples.shape} and {real.shape}"
        )
    if not len(samples) or not np.isfinite(samples).all():
        raise InputError(f"expected finite samples, at least one. Received: {samples.shape}")
    if not 1 <= num_neighbours <= len(real):
        raise InputError(f"`num_neighbours` must be from 1 to {len(real)}. Received: {num_neighbours}")
    indices = _search(np.asarray(samples, np.float64), real, num_neighbours, order)
    # Again, from differences: the search expands |a - b|^2, which does not give 0 for a copy.
    distances = np.stack([np.linalg.norm(samples - np.float64(real[row]), order, axis=1) for row in indices.T], axis=1)
    return _nearest_first(indices, distances, num_neighbours)


def typical_distance(real: Array | StoredRows, *, max_queries: int = _MAX_QUERIES) -> float:
    """Median Euclidean distance from a real row to the nearest other one: what to compare those of samples with.

    Args:
        real: (M, F), M at least 2; the nearest is sought among all of them.
        max_queries: Rows whose nearest is sought, evenly spaced over `real`; all if there are fewer.

    Raises:
        InputError: There are fewer than 2 rows.
    """
    if len(real) < 2:
        raise InputError(f"expected at least 2 real rows. Received: {len(real)}")
    rows = np.linspace(0, len(real) - 1, min(max_queries, len(real))).astype(int)
    _, distances = nearest_neighbours(real[rows], real, 2)
    return float(np.median(distances[:, 1]))  # The nearest is the row itself, or its copy.


def _search(samples: Array, real: Array | StoredRows, num_neighbours: int, order: int) -> Array:
    """Returns indices (N, k) of the nearest rows, in any order."""
    from sklearn.neighbors import NearestNeighbors  # Not at the top: scikit-learn takes two seconds to load.

    centre = samples.mean(axis=0)  # Of numbers near 0 the expanded square loses least.
    indices: Array = np.empty((len(samples), 0), np.int64)
    distances: Array = np.empty((len(samples), 0))
    for start, rows in _chunks(real):
        search = NearestNeighbors(n_neighbors=min(num_neighbours, len(rows)), algorithm="brute", p=order)
        own_distances, own_indices = search.fit(rows - centre).kneighbors(samples - centre)
        indices = np.concatenate([indices, start + own_indices], axis=1)
        distances = np.concatenate([distances, own_distances], axis=1)
        indices, distances = _nearest_first(indices, distances, num_neighbours)
    return indices


def _nearest_first(indices: Array, distances: Array, num_neighbours: int) -> tuple[Array, Array]:
    """Keeps the nearest of each row; of equal ones the first among those that are there."""
    kept = np.lexsort((indices, distances))[:, :num_neighbours]
    return np.take_along_axis(indices, kept, axis=1), np.take_along_axis(distances, kept, axis=1)


def _chunks(real: Array | StoredRows) -> Iterator[tuple[int, Array]]:
    for start in range(0, len(real), _CHUNK_ROWS):
        yield start, np.asarray(real[start : start + _CHUNK_ROWS], np.float64)
