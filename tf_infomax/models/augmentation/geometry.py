"""Affine maps of images: matrices of places, and one resampling of each image by its own."""

from collections.abc import Sequence

import tensorflow as tf

from tf_infomax.types import Tensor

# A matrix (B, 3, 3) maps places (x, y, 1) of the output to places of the input, in pixels from the middle of the image,
# x to the right and y down. A product `first second` changes the image by `first` and the result by `second`.


def mirrored(chosen: Tensor) -> Tensor:
    """Returns the matrices (B, 3, 3) that mirror left and right where `chosen` (B,) is 1, and do nothing where 0."""
    return _matrices([[1.0 - 2.0 * chosen, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], chosen)


def quarter_turns(turns: Tensor) -> Tensor:
    """Returns the matrices that turn by whole quarters (B,) counter-clockwise, without any rounding."""
    cosines, sines = (tf.gather(tf.constant(row), tf.cast(turns, tf.int32) % 4) for row in _QUARTERS)
    return _turned(cosines, sines, turns)


_QUARTERS = ([1.0, 0.0, -1.0, 0.0], [0.0, 1.0, 0.0, -1.0])
"""Cosines and sines of 0 to 3 quarters of a turn."""


def turned(angles: Tensor) -> Tensor:
    """Returns the matrices that turn by angles (B,) counter-clockwise, in radians."""
    return _turned(tf.cos(angles), tf.sin(angles), angles)


def _turned(cosines: Tensor, sines: Tensor, like: Tensor) -> Tensor:
    return _matrices([[cosines, -sines, 0.0], [sines, cosines, 0.0], [0.0, 0.0, 1.0]], like)


def shifted(right: Tensor, down: Tensor) -> Tensor:
    """Returns the matrices that shift by pixels (B,)."""
    return _matrices([[1.0, 0.0, -right], [0.0, 1.0, -down], [0.0, 0.0, 1.0]], right)


def zoomed(width: Tensor, height: Tensor) -> Tensor:
    """Returns the matrices that enlarge by 2 to the power of numbers (B,); 0 changes nothing."""
    return _matrices([[tf.pow(2.0, -width), 0.0, 0.0], [0.0, tf.pow(2.0, -height), 0.0], [0.0, 0.0, 1.0]], width)


def in_turn(first: Tensor, *others: Tensor) -> Tensor:
    """Returns the matrices of changes (B, 3, 3) that take place one after the other."""
    total = first
    for other in others:
        # No matrix product: those of GPUs round places to ten bits.
        total = tf.reduce_sum(total[:, :, :, None] * other[:, None], axis=2)
    return total


def _matrices(rows: Sequence[Sequence[Tensor | float]], like: Tensor) -> Tensor:
    """Stacks entries, numbers or (B,), to matrices (B, 3, 3)."""
    entries = [[entry + tf.zeros_like(like) for entry in row] for row in rows]
    return tf.stack([tf.stack(row, axis=-1) for row in entries], axis=-2)


def resample(images: Tensor, matrices: Tensor) -> Tensor:
    """Moves each image by its own affine map, with bilinear interpolation; beyond the border images are reflected.

    The gradient in the images is exact.

    Args:
        images: (B, H, W, C) float32.
        matrices: (B, 3, 3), see above; places are exact where they are whole numbers.
    """
    height, width, channels = images.shape[1:]
    x, y = _places(matrices, height, width)  # (B, H * W)
    columns, right = _neighbours(x, width)
    rows, below = _neighbours(y, height)
    pixels = tf.reshape(images, [-1, height * width, channels])
    result = tf.zeros([])
    for row, vertical in zip(rows, (1.0 - below, below)):
        for column, horizontal in zip(columns, (1.0 - right, right)):
            corner = tf.gather(pixels, row * width + column, axis=1, batch_dims=1)  # (B, H * W, C)
            result += (vertical * horizontal)[..., None] * corner
    return tf.reshape(result, [-1, height, width, channels])


def _places(matrices: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Returns the place in the input of every pixel of the output, x and y (B, H * W), in pixels from the corner."""
    middle = (width - 1) / 2, (height - 1) / 2
    x, y = tf.meshgrid(tf.range(width, dtype=tf.float32) - middle[0], tf.range(height, dtype=tf.float32) - middle[1])
    x, y = (tf.reshape(places, [1, -1]) for places in (x, y))
    a, b, c, d, e, f = tf.unstack(tf.reshape(matrices[:, :2], [-1, 6, 1]), axis=1)
    return a * x + b * y + c + middle[0], d * x + e * y + f + middle[1]


def _neighbours(places: Tensor, size: int) -> tuple[tuple[Tensor, Tensor], Tensor]:
    """Returns the two pixels beside each place, reflected into 0 to size - 1, and the weight of the second."""
    last = max(size - 1, 1)
    inside = last - tf.abs(tf.math.floormod(places, 2.0 * last) - last)  # a triangular wave
    first = tf.floor(inside)
    index = tf.cast(first, tf.int32)
    return (index, tf.minimum(index + 1, size - 1)), inside - first
