"""Conversions between the layouts of the authors' tensors and this library's variables.

Their images are (N, C, H, W), convolution kernels (O, I, h, w), linear weights (out, in).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tf_infomax.types import Array


class Layout(NamedTuple):
    """A pair of rearrangements that undo each other."""

    read: Callable[[Array], Array]
    """From their layout to ours."""
    write: Callable[[Array], Array]
    """From our layout to theirs."""


AS_IS = Layout(lambda array: array, lambda array: array)
"""Vectors over channels, and embeddings (classes, features)."""

ROW = Layout(lambda row: row[0], lambda vector: vector[None])
"""(1, O) to (O,)."""

LINEAR = Layout(np.transpose, np.transpose)
"""(out, in) to (in, out)."""

CONVOLUTION = Layout(lambda kernel: kernel.transpose(2, 3, 1, 0), lambda kernel: kernel.transpose(3, 2, 0, 1))
"""(O, I, h, w) to (h, w, I, O)."""

POINTWISE = Layout(lambda kernel: kernel[:, :, 0, 0].T, lambda kernel: kernel.T[:, :, None, None])
"""A 1x1 convolution (O, I, 1, 1) to the linear layer (I, O) that it is."""


def first_map(size: int) -> Layout:
    """Returns the layout of units that form the generator's first map: (C, size, size), flattened, to (size, size, C).

    Args:
        size: Height and width of the map.
    """

    def read(array: Array) -> Array:
        maps = array.reshape(-1, size, size, *array.shape[1:])  # (C, size, size, ...), the other axes behind
        return np.moveaxis(maps, 0, 2).reshape(array.shape).T

    def write(array: Array) -> Array:
        maps = array.T.reshape(size, size, -1, *array.shape[:-1])
        return np.moveaxis(maps, 2, 0).reshape(array.T.shape)

    return Layout(read, write)


def convolution_inputs(height: int, width: int) -> Layout:
    """Returns the layout of a vector over a kernel's inputs, (I * h * w,) to (h * w * I,)."""

    def read(vector: Array) -> Array:
        return vector.reshape(-1, height, width).transpose(1, 2, 0).reshape(-1)

    def write(vector: Array) -> Array:
        return vector.reshape(height, width, -1).transpose(2, 0, 1).reshape(-1)

    return Layout(read, write)
