"""Stacked MNIST: three random digits in the colour channels make one image; 1,000 modes."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.data.digits import NUM_DIGITS, check_digits_arguments, load_digits, pad_digits
from tf_infomax.data.image_source import ImageSource, tensor_in_memory
from tf_infomax.data.permutation import permute_indices
from tf_infomax.sizes import ImageSize
from tf_infomax.types import Array, Tensor

_NUM_IMAGES = {"train": 128_000, "test": 26_000}
# Part of the datasets' definition: another value is another dataset.
_SEEDS = {"train": 1, "test": 2}


def stacked_digits_source(*, split: str, image_size: ImageSize) -> ImageSource:
    """Builds `stacked-digits` from the embedded digits.

    The label is `100 * red + 10 * green + blue`. Images are composed when they are read: a channel of image `k` is
    digit `permutation[split, channel](k) mod M` of the split's M digits, so that every digit occurs equally often in
    each channel.

    Args:
        split: `"train"` (128,000 images of the 4,000 training digits) or `"test"` (26,000 of the 1,000 test digits).
        image_size: 28, or 32 with two pixels of background on each side.

    Returns:
        A source of images (image_size, image_size, 3).

    Raises:
        InputError: There is no such split or image size.

    Source:
        Stacked MNIST of PacGAN (Lin et al., 2018), with its numbers of images. Deviations: 5,000 digits instead of
        70,000, and draws that use each digit equally often instead of independent ones.
    """
    check_digits_arguments("stacked-digits", split=split, image_size=image_size)
    digits, labels = load_digits(split)
    return _stacked("stacked-digits", split, pad_digits(digits, image_size), labels)


def stacked_mnist_source(
    *, split: str, image_size: ImageSize, data_dir: Path | str | None = None, cache_dir: Path | str | None = None
) -> ImageSource:
    """Builds `stacked-mnist` from the digits of `mnist` in TensorFlow Datasets, as `stacked_digits_source` does.

    Args:
        split: `"train"` (128,000 images of 60,000 digits) or `"test"` (26,000 of 10,000), so that a digit occurs two
            or three times in each channel.
        image_size: 28, or 32 with two pixels of background on each side.
        data_dir: Folder of the prepared datasets; the default of TensorFlow Datasets if None.
        cache_dir: Folder of the caches on disk.

    Returns:
        A source of images (image_size, image_size, 3).

    Raises:
        InputError: There is no such split or image size, or `mnist` cannot be prepared.

    Source:
        Stacked MNIST of PacGAN (Lin et al., 2018). Deviation: draws that use each digit almost equally often instead of
        independent ones.
    """
    check_digits_arguments("stacked-mnist", split=split, image_size=image_size)
    # Here and not above: the embedded digits need not wait for the import of TensorFlow Datasets.
    from tf_infomax.data.tfds_source import tfds_source

    mnist = tfds_source("mnist", split=split, image_size=28, num_channels=1, data_dir=data_dir, cache_dir=cache_dir)
    images, labels = mnist.read(tf.range(mnist.num_images, dtype=tf.int64))
    return _stacked("stacked-mnist", split, pad_digits(images.numpy()[..., 0], image_size), labels.numpy())


def _stacked(name: str, split: str, digits: Array, digit_labels: Array) -> ImageSource:
    """Stacks digits (M, H, W) uint8 with labels (M,) int64."""
    pixels, classes = tensor_in_memory(np.ascontiguousarray(digits)), tensor_in_memory(digit_labels)
    num_images = _NUM_IMAGES[split]

    def lookup(indices: Tensor) -> tuple[Tensor, Tensor]:
        channels = [
            permute_indices(indices, size=num_images, seed=_SEEDS[split], stream=channel) % len(digits)
            for channel in range(3)
        ]
        chosen = tf.stack(channels, axis=1)  # (B, 3)
        images = tf.transpose(tf.gather(pixels, chosen), (0, 2, 3, 1))  # (B, H, W, 3)
        labels = tf.reduce_sum(tf.gather(classes, chosen) * tf.constant([100, 10, 1], tf.int64), axis=1)
        return images, labels

    return ImageSource(
        name=name,
        split=split,
        num_images=num_images,
        image_shape=(*digits.shape[1:], 3),
        num_classes=NUM_DIGITS**3,
        lookup=lookup,
    )
