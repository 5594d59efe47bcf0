"""Features of images in a folder, written while they are computed, so that they need not fit into memory."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tf_infomax.metrics.features import ExtractedFeatures
from tf_infomax.metrics.stored_rows import StoredRows
from tf_infomax.types import Array

ACTIVATIONS, LOGITS = "activations.npy", "logits.npy"
IN_MEMORY_BYTES = 64 * 2**20
"""Largest array that is read into memory as a whole."""


def write_features(
    extract: Callable[[Array], ExtractedFeatures], chunks: Iterable[Array], folder: Path, *, num_images: int
) -> None:
    """Computes features of images and writes them to a folder.

    Args:
        extract: Computes the features of some images.
        chunks: Images (n, H, W, C) uint8, together `num_images`.
        folder: An existing folder.
        num_images: Number of images (N).
    """
    with _rows_file(folder / ACTIVATIONS, num_images) as write_activations:
        with _rows_file(folder / LOGITS, num_images) as write_logits:
            for images in chunks:
                features = extract(images)
                write_activations(features.activations)
                if features.logits is not None:
                    write_logits(features.logits)


def read_features(folder: Path) -> ExtractedFeatures:
    """Opens the features in a folder: in memory if they are small, else as `StoredRows`."""
    logits = folder / LOGITS
    return ExtractedFeatures(_opened(folder / ACTIVATIONS), _opened(logits) if logits.exists() else None)


def _opened(path: Path) -> Array | StoredRows:
    rows = StoredRows(path)
    return rows[:] if rows.nbytes <= IN_MEMORY_BYTES else rows


@contextmanager
def _rows_file(path: Path, num_rows: int) -> Iterator[Callable[[Array], None]]:
    """Yields a function that appends rows to a `.npy` file of `num_rows`; without rows there is no file."""
    with path.open("wb") as file:

        def write(rows: Array) -> None:
            rows = np.ascontiguousarray(rows)
            if not file.tell():
                shape = (num_rows, *rows.shape[1:])
                header = {"descr": np.lib.format.dtype_to_descr(rows.dtype), "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_1_0(file, header)
            file.write(rows.data)

        yield write
        is_empty = not file.tell()
    if is_empty:
        path.unlink()
