"""Rows of a file that may be larger than memory, read by TensorFlow operations alone.

A numpy function inside `tf.data` would do the same, but a program that exits while such a pipeline fills can hang.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.types import Array, Tensor

_numbers = itertools.count()


def row_reader(path: Path, shape: tuple[int, ...]) -> Callable[[Tensor], Tensor]:
    """Maps a file of bytes into memory and returns a function that reads its rows.

    The mapping stays until the process ends; the pages in it are the system's file cache, not memory of the process.

    Args:
        path: A file of exactly as many bytes as `shape` has elements.
        shape: (N, ...).

    Returns:
        A function from indices (B,) int64 to rows (B, ...) uint8, eagerly or inside `tf.data.Dataset.map`.
    """
    mapping = np.memmap(path, np.uint8, "r", shape=shape)
    with tf.init_scope(), tf.device("CPU:0"):
        mapped = tf.experimental.dlpack.from_dlpack(np.asarray(_Shared(mapping)).__dlpack__())
        # A resource, because tf.data copies captured tensors where it rewrites the pipeline, as it does for
        # deterministic operations and for replicas.
        rows = tf.raw_ops.VarHandleOp(dtype=tf.uint8, shape=shape, shared_name=f"tf_infomax/rows/{next(_numbers)}")
        tf.raw_ops.AssignVariableOp(resource=rows, value=mapped)

    def read(indices: Tensor) -> Tensor:
        # In two steps: the `ResourceGather` of `tf.gather` begins by copying all rows.
        return tf.raw_ops.GatherV2(
            params=tf.raw_ops.ReadVariableOp(resource=rows, dtype=tf.uint8), indices=indices, axis=0
        )

    return read


class _Shared:
    """An array that claims to be writable, as numpy's DLPack export requires; nobody writes to the tensor."""

    def __init__(self, array: Array) -> None:
        self.array = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.ctypes.data, False)}
