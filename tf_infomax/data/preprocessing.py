"""Preprocessing of images of any size to squares of one size."""

from collections.abc import Mapping

import tensorflow as tf

from tf_infomax.types import Tensor

CENTRE_CROPS: Mapping[str, int] = {"celeb_a": 178, "imagenet2012": 224, "lsun": 256}
"""Side in pixels of the square cropped from the centre, by dataset; the largest possible for all others."""


def prepare_image(image: Tensor, image_size: int, *, crop: int | None = None) -> Tensor:
    """Crops an image to its centre and resizes it by antialiased bilinear interpolation.

    Args:
        image: (H, W, C) uint8.
        image_size: S, pixels.
        crop: Side of the centre in pixels; the shorter side of the image if None.

    Returns:
        (S, S, C) uint8, rounded to the nearest grey level.

    Source:
        The preprocessing of the InfoMax-GAN authors' library: torchvision's CenterCrop and Resize.
    """
    side = tf.reduce_min(tf.shape(image)[:2]) if crop is None else tf.constant(crop)
    square = centre_crop(image, side)

    def resized() -> Tensor:
        values = tf.image.resize(square, (image_size, image_size), method="bilinear", antialias=True)
        return tf.cast(tf.clip_by_value(tf.round(values), 0.0, 255.0), tf.uint8)

    result = tf.cond(tf.equal(side, image_size), lambda: square, resized)
    return tf.ensure_shape(result, (image_size, image_size, None))


def centre_crop(image: Tensor, side: Tensor) -> Tensor:
    """Crops an image (H, W, C) to its central (side, side, C), padding smaller images with zeros.

    An odd difference is split as by torchvision's CenterCrop: 0, 2, 2 or 4 of 1, 3, 5 or 7 surplus pixels are cut at
    the top and left (halves are rounded to even numbers; `tf.image.resize_with_crop_or_pad` rounds them down), and 0,
    1, 2 or 3 of 1, 3, 5 or 7 zeros are added there.
    """
    size = tf.shape(image)[:2]  # H, W
    missing = tf.maximum(side - size, 0)
    before = missing // 2
    borders = tf.stack([before, missing - before], axis=1)  # (2, 2)
    padded = tf.pad(image, tf.concat([borders, [[0, 0]]], axis=0))
    # `tf.round` rounds halves to even numbers, as Python does.
    start = tf.cast(tf.round(tf.cast(tf.maximum(size - side, 0), tf.float32) / 2.0), tf.int32)
    return padded[start[0] : start[0] + side, start[1] : start[1] + side]
