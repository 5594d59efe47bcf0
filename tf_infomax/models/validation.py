"""Checks of a model's data."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.images import are_images, as_float
from tf_infomax.objectives import NOT_ROWS, TOO_FEW_IMAGES
from tf_infomax.objectives.labels import check_label_range, integer_labels
from tf_infomax.types import Tensor

RANGE_TOLERANCE = 1e-3
_FORM = "A dataset must have images, or images and labels (a tuple)"
UNEVEN_BATCH = "A batch must be a multiple of `discriminator_steps`"
UNEVEN_SHARES = "All replicas must have the same number of images"
CHECKED_IN_STEPS = (UNEVEN_BATCH, UNEVEN_SHARES, NOT_ROWS, TOO_FEW_IMAGES)
"""Starts of the sentences that a step's own checks end it with."""


def images_and_labels(data: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, Tensor | None]:
    """Splits the data of a step into images and, where there are some, labels.

    Labels of any integer type are int32 or int64 then, the types that TensorFlow's losses and gathers take.

    Raises:
        InputError: There are weights of images, too, or dictionaries.
    """
    images, labels, weights = keras.utils.unpack_x_y_sample_weight(data)
    for part in (images, labels):
        if isinstance(part, Mapping):
            raise InputError(f"{_FORM}; map yours to that. Received: a dictionary of {', '.join(map(str, part))}")
    if weights is not None:
        raise InputError(f"{_FORM}: images have no weights in training.")
    images = tf.convert_to_tensor(images)
    if labels is not None:
        labels = tf.convert_to_tensor(labels)
        if labels.dtype.is_integer and labels.dtype not in (tf.int32, tf.int64):
            labels = tf.cast(labels, tf.int32 if labels.dtype.size < 4 else tf.int64)
    return of_equal_shares(images), labels


def of_equal_shares(images: Tensor) -> Tensor:
    """Returns the images of a replica after a check, in the step, that all replicas have as many.

    Replicas draw one sample for all and take their rows, and the mean over replicas is that of the batch, only then.
    """
    number = distribution.num_replicas()
    if number == 1 or images.shape[0] is not None:
        return images
    rows = tf.shape(images)[0]
    (sums,) = distribution.sum_over_replicas([tf.stack([rows, rows**2])])
    # Equal where the numbers are, by Cauchy and Schwarz; the same on all replicas, so that all end.
    equal = (sums[0] > 0) & (sums[0] ** 2 == number * sums[1])
    advice = f"{UNEVEN_SHARES}, in the last batch too, which `drop_remainder=True` leaves out."
    return _checked_in_step(images, equal, advice)


def _checked_in_step(images: Tensor, condition: Tensor, advice: str) -> Tensor:
    """Returns images that nothing can use before a condition holds: a step ends with the advice before any update."""
    with tf.control_dependencies([tf.debugging.Assert(condition, [advice])]):
        return tf.identity(images)


def checked_batch(
    data: Tensor | tuple[Tensor, ...],
    *,
    image_shape: tuple[int, ...],
    num_classes: int | None,
    discriminator_steps: int,
) -> tuple[Tensor, Tensor | None]:
    """Checks shapes and dtypes of a training batch, while a step is traced.

    Args:
        data: Images (B, H, W, C), uint8 or float, or points (B, D), alone or with labels.
        image_shape: (H, W, C), or (D,) for points, of the networks.
        num_classes: Classes that the networks are conditioned on, if any.
        discriminator_steps: Updates that the batch must divide into evenly.

    Returns:
        Float images or points, and their labels, None where there are none.

    Raises:
        InputError: A shape, dtype or batch size does not fit.
    """
    images, labels = images_and_labels(data)
    if tuple(images.shape[1:]) != image_shape:
        what = "Images must have shape (B, H, W, C)" if are_images(image_shape) else "Points must have shape (B, D)"
        raise InputError(f"{what} with {image_shape}. Received: {images.shape}")
    drawn = are_images(image_shape)
    if not images.dtype.is_floating and not (drawn and images.dtype == tf.uint8):
        what = "Images must be uint8, or floating point in [-1, 1]" if drawn else "Points must be floating point"
        raise InputError(f"{what}. Received: {images.dtype.name}")
    if num_classes:
        labels = integer_labels(labels, rule="A conditional GAN trains on images and integer labels (B,)")
    return as_float(_of_whole_updates(images, discriminator_steps)), labels


def _of_whole_updates(images: Tensor, discriminator_steps: int) -> Tensor:
    """Returns the images of a batch that divides into updates.

    The size is checked at tracing, or in the step where only that knows it, as of a partial batch.
    """
    rows, rule = images.shape[0], f"{UNEVEN_BATCH} = {discriminator_steps} images"
    if rows is not None and rows % discriminator_steps:
        raise InputError(f"{rule}. Received: {rows}")
    if rows is not None or discriminator_steps == 1:
        return images
    divides = tf.shape(images)[0] % discriminator_steps == 0
    advice = f"{rule}, the last one too, which `drop_remainder=True` leaves out."
    return _checked_in_step(images, divides, advice)


def first_values(data: Any, labels: Any = None) -> tuple[Any, Any]:
    """Returns arrays of images and labels as they are, or those of a dataset's first batch; None for no labels."""
    if isinstance(data, tf.data.Dataset):
        data = next(iter(data.take(1)), None)
    if isinstance(data, tuple | list):
        data, labels = data[0], data[1] if len(data) > 1 else None
    return data, labels


def check_values(data: Any, labels: Any = None, *, num_classes: int | None = None) -> None:
    """Checks arrays of images and labels, or the first batch of a dataset.

    Args:
        data: Images, or a dataset of images with or without labels. Points have no range.
        labels: Labels beside an array of images.
        num_classes: Classes of a conditional GAN, whose labels are checked.

    Raises:
        InputError: Images lie outside [-1, 1], or labels outside the classes.
    """
    data, labels = first_values(data, labels)
    if has_values(data) and are_images(data.shape[1:]) and data.dtype != np.uint8:
        _check_range(data)
    if num_classes and has_values(labels):
        check_label_range(labels, num_classes)


def check_classes(classes: Sequence[int], num_classes: int | None) -> None:
    """Checks the classes that samples are asked for.

    Raises:
        InputError: The GAN is not conditional, or there are no classes or others than its own.
    """
    if num_classes is None:
        raise InputError(f"`classes` need a conditional GAN; this one has none. Received: {list(classes)}")
    if not classes:
        raise InputError("`classes` must not be empty. Received: []")
    check_label_range(np.asarray(classes), num_classes)


def _check_range(images: Tensor | np.ndarray) -> None:
    smallest, largest = float(np.min(images)), float(np.max(images))
    if not -1 - RANGE_TOLERANCE <= smallest <= largest <= 1 + RANGE_TOLERANCE:
        raise InputError(f"Images must lie in [-1, 1]. Received: {smallest:g} to {largest:g}")


def has_values(data: Any) -> bool:
    """Returns whether data are an array or a tensor with rows, and no generator or distributed dataset."""
    return isinstance(data, np.ndarray | tf.Tensor) and len(data) > 0
