"""Checks shared by the metrics."""

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
    if values.ndim != 2 or not np.issubdtype(values.dtype, np.floating):
        raise InputError(
            f"`{name}`: expected a floating-point (N, F) matrix. Received: {values.dtype} of {values.shape}"
        )
    if values.shape[0] < 2 or values.shape[1] < 1:
        raise InputError(f"`{name}`: expected at least 2 rows (images). Received: shape {values.shape}")
    if not np.isfinite(values).all():
        raise InputError(f"`{name}`: expected finite values. Received: {np.sum(~np.isfinite(values))} that are not")
    return tf.constant(values, tf.float64)


def check_same_width(real: Tensor, fake: Tensor) -> None:
    """Raises InputError unless real (N, F) and fake (N', F) share F."""
    if real.shape[1] != fake.shape[1]:
        raise InputError(
            f"expected real and fake features of one width. Received: {real.shape[1]} real and {fake.shape[1]} fake"
        )
