"""Reading of image files to images of one size, in their order."""

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.data.decoding import (
    AS_IT_IS,
    TRANSPOSED,
    UPRIGHT,
    UnreadableImage,
    plain_orientation,
    read_image,
)
from tf_infomax.data.parallel import in_order
from tf_infomax.data.preprocessing import centre_of, prepare_image
from tf_infomax.data.untuned import untuned
from tf_infomax.sizes import ImageSize
from tf_infomax.types import Array, Tensor

_CHUNK = 10_000
"""Files that are looked at before the first of them is decoded."""


def read_images(folder: Path, names: Sequence[str], image_size: ImageSize, num_channels: int) -> Iterator[Array | None]:
    """Reads, decodes and prepares files.

    Most files are decoded by TensorFlow's pipeline, without a call to Python for each of them, which takes as long as
    decoding a small image; the others by Pillow, see `decoding`. The pipeline turns images upright when they are
    cropped and resized: where an odd number of pixels is cut off, the cut is by one pixel another.

    Args:
        folder: Folder of the files.
        names: Their paths relative to it.
        image_size: Height and width (H, W) of the images.
        num_channels: C: 3, or 1 for shades of grey.

    Yields:
        For each file an image (H, W, C) uint8, or None if it cannot be read.
    """

    def prepare(pixels: Tensor) -> Tensor:
        return _prepared(pixels, image_size, num_channels)

    # A rectangle that lies on its side is cropped to other proportions: Pillow's way turns it first.
    turnable = set(UPRIGHT) if isinstance(image_size, int) else set(UPRIGHT) - TRANSPOSED
    for start in range(0, len(names), _CHUNK):
        chunk = [folder / name for name in names[start : start + _CHUNK]]
        orientations = list(in_order(_plain_orientation, chunk))
        plain = {path: number for path, number in zip(chunk, orientations) if number in turnable}
        by_tensorflow = _by_tensorflow(plain, prepare)
        by_pillow = _by_pillow([path for path in chunk if path not in plain], prepare)
        for path in chunk:
            yield next(by_tensorflow if path in plain else by_pillow)


def read_one_image(path: Path, image_size: ImageSize, num_channels: int, *, dataset: str = "") -> Array:
    """Reads, decodes and prepares one file like the images of a dataset, as a viewer shows it.

    Args:
        path: The file.
        image_size: Height and width of the image; one that has them is taken as it is.
        num_channels: C: 3, or 1 for shades of grey.
        dataset: Dataset, see `centre_of`; the file is prepared like one of a folder if it is none of those.

    Returns:
        (H, W, C) uint8.

    Raises:
        UnreadableImage: It cannot be read.
    """
    pixels = read_image(path)
    crop = centre_of(dataset, pixels.shape[:2], image_size)
    return _prepared(tf.constant(pixels), image_size, num_channels, crop=crop).numpy()


def _prepared(pixels: Tensor, image_size: ImageSize, num_channels: int, *, crop: int | None = None) -> Tensor:
    coloured = pixels if num_channels == 3 else tf.image.rgb_to_grayscale(pixels)
    return prepare_image(coloured, image_size, crop=crop)


def _plain_orientation(path: Path) -> int | None:
    try:
        return plain_orientation(path.read_bytes()) if path.is_file() else None
    except OSError:
        return None


def _by_tensorflow(orientations: Mapping[Path, int], prepare: Callable[[Tensor], Tensor]) -> Iterator[Array | None]:
    # As bytes: names need not be UTF-8.
    names = np.array([os.fsencode(path) for path in orientations], object)
    numbers = np.array(list(orientations.values()), np.int32)
    turns = bool((numbers != AS_IT_IS).any())

    def read(name: Tensor, orientation: Tensor) -> Tensor:
        image = prepare(tf.io.decode_image(tf.io.read_file(name), channels=3, expand_animations=False))
        return _upright(image, orientation) if turns else image

    dataset = tf.data.Dataset.from_tensor_slices((names, numbers))
    images = iter(untuned(dataset.map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)))
    for _ in orientations:
        try:
            yield next(images).numpy()
        except tf.errors.OpError:  # The next call gives the next image.
            yield None


def _upright(image: Tensor, orientation: Tensor) -> Tensor:
    """Turns an image to one of the same shape; it is small by now, which an image of a camera is not."""
    turns = {number - AS_IT_IS: functools.partial(turn, image) for number, turn in UPRIGHT.items()}
    return tf.ensure_shape(tf.switch_case(orientation - AS_IT_IS, turns), image.shape)


def _by_pillow(paths: Sequence[Path], prepare: Callable[[Tensor], Tensor]) -> Iterator[Array | None]:
    prepared = tf.function(prepare, input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])

    def read(path: Path) -> Array | None:
        try:
            pixels = read_image(path)
        except UnreadableImage:
            return None
        with tf.device("CPU:0"):
            return prepared(pixels).numpy()

    return in_order(read, paths)
