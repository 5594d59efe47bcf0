"""Reading of image files to images of one size, in their order."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.data.decoding import UnreadableImage, is_plain, read_image
from tf_infomax.data.parallel import in_order
from tf_infomax.data.preprocessing import prepare_image
from tf_infomax.data.untuned import untuned
from tf_infomax.types import Array, Tensor

_CHUNK = 10_000
"""Files that are looked at before the first of them is decoded."""


def read_images(folder: Path, names: Sequence[str], image_size: int, num_channels: int) -> Iterator[Array | None]:
    """Reads, decodes and prepares files.

    Most files are decoded by TensorFlow's pipeline, without a call to Python for each of them, which takes as long as
    decoding a small image; the others by Pillow, see `decoding`.

    Args:
        folder: Folder of the files.
        names: Their paths relative to it.
        image_size: Height and width of the images.
        num_channels: C: 3, or 1 for shades of grey.

    Yields:
        For each file an image (image_size, image_size, C) uint8, or None if it cannot be read.
    """

    def prepare(pixels: Tensor) -> Tensor:
        return prepare_image(pixels if num_channels == 3 else tf.image.rgb_to_grayscale(pixels), image_size)

    for start in range(0, len(names), _CHUNK):
        chunk = [folder / name for name in names[start : start + _CHUNK]]
        plain = list(in_order(_is_plain_file, chunk))
        by_tensorflow = _by_tensorflow([path for path, is_plain in zip(chunk, plain) if is_plain], prepare)
        by_pillow = _by_pillow([path for path, is_plain in zip(chunk, plain) if not is_plain], prepare)
        for is_plain_file in plain:
            yield next(by_tensorflow if is_plain_file else by_pillow)


def _is_plain_file(path: Path) -> bool:
    try:
        return path.is_file() and is_plain(path.read_bytes())
    except OSError:
        return False


def _by_tensorflow(paths: Sequence[Path], prepare: Callable[[Tensor], Tensor]) -> Iterator[Array | None]:
    def read(path: Tensor) -> Tensor:
        return prepare(tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False))

    # As bytes: names need not be UTF-8.
    dataset = tf.data.Dataset.from_tensor_slices(np.array([os.fsencode(path) for path in paths], object))
    images = iter(untuned(dataset.map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)))
    for _ in paths:
        try:
            yield next(images).numpy()
        except tf.errors.OpError:  # The next call gives the next image.
            yield None


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
