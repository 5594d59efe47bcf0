"""Preprocessing of images of any size to images of one size."""

from collections.abc import Mapping

import tensorflow as tf

from tf_infomax.sizes import ImageSize, height_and_width
from tf_infomax.types import Tensor

CENTRE_CROPS: Mapping[str, int] = {"celeb_a": 178, "imagenet2012": 224, "lsun": 256}
"""Side in pixels of the square cropped from the centre, by dataset; the largest possible for all others, and for
rectangles."""


PADDED: Mapping[str, int] = dict.fromkeys(("digits", "stacked-digits", "stacked-mnist"), 28)
"""Side in pixels of images that get a border in place of a resizing, by dataset."""


def centre_of(dataset: str, size: tuple[int, int], image_size: ImageSize) -> int | None:
    """Returns the side of the centre of an image that a dataset prepares, see `prepare_image`.

    Args:
        dataset: Name of the dataset, with or without its configuration, such as `lsun/bedroom`.
        size: Height and width of the image.
        image_size: Height and width that it is prepared for; an image that has them is prepared already. Of one for
            a rectangle the largest centre is taken.
    """
    if not isinstance(image_size, int):
        return None
    side = PADDED.get(dataset)
    if size == (image_size, image_size) or size == (side, side):
        return image_size
    return CENTRE_CROPS.get(dataset.partition("/")[0])


def prepare_image(image: Tensor, image_size: ImageSize, *, crop: int | None = None) -> Tensor:
    """Crops an image to its centre and resizes it by antialiased bilinear interpolation.

    Args:
        image: (H, W, C) uint8.
        image_size: Height and width (h, w) in pixels.
        crop: Side of the centre in pixels, for squares alone; if None, and for rectangles, the centre is the largest
            part of the image with the proportions h : w.

    Returns:
        (h, w, C) uint8, rounded to the nearest grey level.

    Source:
        The preprocessing of the InfoMax-GAN authors' library: torchvision's CenterCrop and Resize.
    """
    size = height_and_width(image_size)
    cropped = tf.constant([crop, crop]) if crop and isinstance(image_size, int) else _largest_centre(image, size)
    centre = centre_crop(image, cropped)

    def resized() -> Tensor:
        values = tf.image.resize(centre, size, method="bilinear", antialias=True)
        return tf.cast(tf.clip_by_value(tf.round(values), 0.0, 255.0), tf.uint8)

    result = tf.cond(tf.reduce_all(tf.equal(cropped, size)), lambda: centre, resized)
    return tf.ensure_shape(result, (*size, None))


def _largest_centre(image: Tensor, proportions: tuple[int, int]) -> Tensor:
    """Returns height and width (2,) of the largest part of an image with some proportions, to the nearest pixel."""
    height, width = tf.unstack(tf.shape(image, tf.int64)[:2])
    high, wide = proportions
    # n / d, rounded by whole numbers: floats would be off by a pixel at the borders of a large image.
    rows = tf.minimum(height, (2 * width * high + wide) // (2 * wide))
    columns = tf.minimum(width, (2 * height * wide + high) // (2 * high))
    return tf.cast(tf.maximum(tf.stack([rows, columns]), 1), tf.int32)


def centre_crop(image: Tensor, side: Tensor) -> Tensor:
    """Crops an image (H, W, C) to its central (side, side, C), padding smaller images with zeros.

    A `side` of two numbers (2,) is height and width.

    An odd difference is split as by torchvision's CenterCrop: 0, 2, 2 or 4 of 1, 3, 5 or 7 surplus pixels are cut at
    the top and left (halves are rounded to even numbers; `tf.image.resize_with_crop_or_pad` rounds them down), and 0,
    1, 2 or 3 of 1, 3, 5 or 7 zeros are added there.
    """
    size, side = tf.shape(image)[:2], tf.broadcast_to(side, [2])  # H, W
    missing = tf.maximum(side - size, 0)
    before = missing // 2
    borders = tf.stack([before, missing - before], axis=1)  # (2, 2)
    padded = tf.pad(image, tf.concat([borders, [[0, 0]]], axis=0))
    # `tf.round` rounds halves to even numbers, as Python does.
    start = tf.cast(tf.round(tf.cast(tf.maximum(size - side, 0), tf.float32) / 2.0), tf.int32)
    return padded[start[0] : start[0] + side[0], start[1] : start[1] + side[1]]
