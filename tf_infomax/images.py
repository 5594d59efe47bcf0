"""Images at the edges of the library, float32 in [-1, 1] inside and uint8 outside; their parts and mirror images."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.files import write_bytes
from tf_infomax.sizes import ImageSize, height_and_width
from tf_infomax.types import Array, Tensor

_IMAGE_RANK = 3
"""Axes of an image; a point has one."""


def are_images(sample_shape: Sequence[int | None]) -> bool:
    """Tells images (H, W, C) from points (D,) by the shape of one sample."""
    return len(sample_shape) == _IMAGE_RANK


def to_float(images: Tensor | Array) -> Tensor:
    """Maps uint8 pixels (..., H, W, C) to float32 in [-1, 1]: `(x / 255 - 0.5) / 0.5`."""
    return (tf.cast(images, tf.float32) / 255.0 - 0.5) / 0.5


def as_float(samples: Tensor) -> Tensor:
    """Maps uint8 images to float32 in [-1, 1], and floating-point samples to Keras' `floatx`."""
    kind = tf.as_dtype(samples.dtype)
    if kind == tf.uint8:
        return to_float(samples)
    return tf.cast(samples, keras.config.floatx()) if kind.is_floating and kind != keras.config.floatx() else samples


def to_uint8(images: Tensor | Array) -> Tensor:
    """Maps float pixels (..., H, W, C) in [-1, 1] to the nearest uint8 grey level; values outside are clipped."""
    levels = tf.round((tf.cast(images, tf.float32) + 1.0) * 127.5)
    return tf.cast(tf.clip_by_value(levels, 0.0, 255.0), tf.uint8)


def to_output(samples: Tensor) -> Tensor:
    """Maps a generator's samples to the form in which they leave the library: images to uint8, points to float32."""
    return to_uint8(samples) if are_images(samples.shape[1:]) else tf.cast(samples, tf.float32)


def centre_crop(images: Tensor, size: ImageSize) -> Tensor:
    """Cuts (B, h, w, C) out of the middle of images (B, H, W, C).

    Of an odd surplus 0, 2, 2 or 4 of 1, 3, 5 or 7 pixels are cut at the top and left, as by torchvision's CenterCrop.
    """
    top, left = (round((side - cut) / 2) for side, cut in zip(images.shape[1:3], height_and_width(size)))
    height, width = height_and_width(size)
    return images[:, top : top + height, left : left + width]


def crop_at(images: Tensor, corners: Sequence[Tensor], size: ImageSize) -> Tensor:
    """Cuts (B, h, w, C) out of images (B, H, W, C), each at its own place.

    Args:
        images: The images.
        corners: The first rows (B,) and the first columns (B,), int32.
        size: Height and width (h, w) in pixels.
    """
    for axis, (starts, side) in enumerate(zip(corners, height_and_width(size))):
        indices = starts[:, None] + tf.range(side)
        transposed = images if axis == 0 else tf.transpose(images, [0, 2, 1, 3])
        images = tf.gather(transposed, indices, axis=1, batch_dims=1)
    return tf.transpose(images, [0, 2, 1, 3])


def mirror(images: Tensor, chosen: Tensor) -> Tensor:
    """Mirrors those of the images (B, H, W, C) for which `chosen` (B,) is true, left for right."""
    return tf.where(chosen[:, None, None, None], images[:, :, ::-1], images)


def features_of(
    encode: Callable[[Tensor], Mapping[str, Tensor]], images: Array, *, batch_size: int = 256
) -> dict[str, Array]:
    """Computes features of uint8 images, one batch at a time.

    Args:
        encode: Maps images (B, H, W, C) float32 in [-1, 1] to features (B, ...) by name.
        images: (N, H, W, C) uint8.
        batch_size: Images in a batch (B).

    Returns:
        Features (N, ...) by name.
    """
    batches = [encode(to_float(images[i : i + batch_size])) for i in range(0, len(images), batch_size)]
    return {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}


def image_grid(images: Array, *, columns: int | None = None, padding: int = 2, scale: int | None = None) -> Array:
    """Lays images out in rows on one white canvas, each pixel of an image as a square of `scale` x `scale` pixels.

    Args:
        images: (N, H, W, C) uint8.
        columns: Images in a row; the rounded-up square root of N if None.
        padding: White pixels between images and around them.
        scale: Enlargement; if None, the smallest that makes images at least 64 pixels high.

    Returns:
        (rows * (scale * H + padding) + padding, columns * (scale * W + padding) + padding, C) uint8.
    """
    scale = scale or max(1, math.ceil(64 / images.shape[1]))
    images = images.repeat(scale, axis=1).repeat(scale, axis=2)
    count, height, width, channels = images.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    canvas = np.full(
        (rows * (height + padding) + padding, columns * (width + padding) + padding, channels), 255, np.uint8
    )
    for index, image in enumerate(images):
        top = padding + index // columns * (height + padding)
        left = padding + index % columns * (width + padding)
        canvas[top : top + height, left : left + width] = image
    return canvas


def encode_png(image: Array) -> bytes:
    """Returns the PNG file of an image (H, W, C) uint8: grey or in colour, with opacity last for C of 2 or 4."""
    return tf.io.encode_png(image).numpy()


def write_png(path: Path, image: Array) -> None:
    """Writes an image (H, W, C) uint8 as PNG, atomically."""
    write_bytes(path, encode_png(image))
