"""What is wrong with images that a model is given, in one sentence."""

import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.types import Tensor

RANGE_TOLERANCE = 1e-3


def check_images(images: Tensor, *, image_shape: tuple[int, int, int], discriminator_steps: int) -> None:
    """Checks shape and dtype of a training batch, while a step is traced.

    Args:
        images: The batch.
        image_shape: (H, W, C) that the networks are for.
        discriminator_steps: What the number of images must be a multiple of.

    Raises:
        InputError: Something does not fit.
    """
    if tuple(images.shape[1:]) != image_shape:
        raise InputError(f"Images must have shape (B, H, W, C) with {image_shape}. Received: {images.shape}")
    if not images.dtype.is_floating:
        raise InputError(f"Images must be floating point in [-1, 1]. Received: {images.dtype.name}")
    rows = images.shape[0]
    if rows is not None and rows % discriminator_steps:
        raise InputError(
            f"A batch must be a multiple of `discriminator_steps` = {discriminator_steps} images. Received: {rows}"
        )


def check_range(data: object) -> None:
    """Checks that an array of images, or the first batch of a dataset of images, lies in [-1, 1].

    Raises:
        InputError: It does not.
    """
    if isinstance(data, tf.data.Dataset):
        data = next(iter(data.take(1)), None)
    images = data[0] if isinstance(data, tuple | list) else data
    if not isinstance(images, np.ndarray | tf.Tensor) or not len(images):
        return
    smallest, largest = float(np.min(images)), float(np.max(images))
    if not -1 - RANGE_TOLERANCE <= smallest <= largest <= 1 + RANGE_TOLERANCE:
        raise InputError(f"Images must lie in [-1, 1]. Received: {smallest:g} to {largest:g}")
