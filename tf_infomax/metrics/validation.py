"""Checks shared by the metrics."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.types import Array, Tensor


def as_float64(matrix: Array | Tensor, *, name: str) -> Tensor:
    """Returns `matrix` (N, F) as a float64 tensor.

    Raises:
        InputError: `matrix` is not a finite floating-point matrix of at least 2 rows and 1 column.
    """
    values = np.asarray(matrix)
    check_matrix(values.shape, values.dtype, name=name)
    check_finite_values(values, name=name)
    return tf.constant(values, tf.float64)


def check_matrix(shape: Sequence[int], dtype: Any, *, name: str) -> None:
    """Raises InputError unless the shape is (N, F), N at least 2 and F at least 1, and the numpy type floating."""
    if len(shape) != 2 or not np.issubdtype(dtype, np.floating):
        raise InputError(f"`{name}`: expected a floating-point (N, F) matrix. Received: {dtype} of {tuple(shape)}")
    if shape[0] < 2 or shape[1] < 1:
        raise InputError(f"`{name}`: expected at least 2 rows (images). Received: shape {tuple(shape)}")


def check_finite_values(values: Array, *, name: str) -> None:
    """Raises InputError unless all values are finite."""
    if not np.isfinite(values).all():
        raise InputError(f"`{name}`: expected finite values. Received: {np.sum(~np.isfinite(values))} that are not")


def check_same_width(real: Any, fake: Any) -> None:
    """Raises InputError unless real (N, F) and fake (N', F) share F."""
    if real.shape[1] != fake.shape[1]:
        raise InputError(
            f"expected real and fake features of one width. Received: {real.shape[1]} real and {fake.shape[1]} fake"
        )
