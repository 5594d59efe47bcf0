"""Datasets of points, vectors of a few numbers."""

import numpy as np

from tf_infomax.data.image_source import ImageSource, source_in_memory
from tf_infomax.errors import InputError
from tf_infomax.types import Array


def source_from_points(
    points: Array, labels: Array | None = None, *, name: str, split: str, num_classes: int | None = None
) -> ImageSource:
    """Wraps points in memory.

    Args:
        points: (N, D) float32, finite, of any scale: training sees them as they are.
        labels: (N,) integers in `[0, num_classes)`; None if there are none.
        name: Name of the dataset.
        split: Name of the split.
        num_classes: K; None exactly if `labels` is.

    Returns:
        A source of "images" of shape (D,), float32.

    Raises:
        InputError: Shapes, dtypes and labels do not fit together, or a number is not finite.
    """
    if points.ndim != 2 or points.dtype != np.float32 or not points.size:
        raise InputError(
            f"Points must be float32 of shape (N, D), at least one. Received: {points.dtype} {points.shape}"
        )
    if not np.isfinite(points).all():
        raise InputError(f"Points must be finite. Received: {np.sum(~np.isfinite(points))} numbers that are not")
    return source_in_memory(points, labels, name=name, split=split, num_classes=num_classes)
