"""Checks of labels."""

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.types import Array, Tensor


def integer_labels(labels: Tensor | None, *, rule: str) -> Tensor:
    """Returns the labels (B,) of a batch after a check, while a step is traced, that they are of an integer type.

    Args:
        labels: Labels; None without.
        rule: Start of the message: what needs integer labels (B,).

    Raises:
        InputError: There are none, or others.
    """
    if labels is None or not labels.dtype.is_integer or labels.shape.rank != 1:
        received = "no labels" if labels is None else f"{labels.dtype.name} {labels.shape}"
        raise InputError(f"{rule}. Received: {received}")
    return labels


def check_label_range(labels: Tensor | Array, num_classes: int) -> None:
    """Checks that labels (N,) are integers in the range of the classes.

    Raises:
        InputError: A label is no class, or labels are not integers.
    """
    if not np.issubdtype(np.asarray(labels).dtype, np.integer):
        raise InputError(f"Labels must be integers. Received: {np.asarray(labels).dtype}")
    smallest, largest = int(np.min(labels)), int(np.max(labels))
    if not 0 <= smallest <= largest < num_classes:
        raise InputError(f"Labels must be from 0 to {num_classes - 1}. Received: {smallest} to {largest}")
