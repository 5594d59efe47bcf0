"""Random crops and mirror images of training images, as functions of seed and step."""

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.images import are_images, crop_at, mirror
from tf_infomax.latents import stateless_seed
from tf_infomax.sizes import ImageSize, height_and_width, size_text
from tf_infomax.types import Tensor


def randomly_changed(images: Tensor, *, crop_size: ImageSize | None, mirrored: bool, seed: int, step: Tensor) -> Tensor:
    """Crops and mirrors the images (B, H, W, C) of a step, each of which is decided by seed, step and row alone."""
    if crop_size is not None:
        images = randomly_cropped(images, crop_size, seed=seed, step=step)
    return randomly_mirrored(images, seed=seed, step=step) if mirrored else images


def randomly_cropped(images: Tensor, size: ImageSize, *, seed: int, step: Tensor) -> Tensor:
    """Cuts (B, h, w, C) out of the images (B, H, W, C) of a step, each at its own place."""
    corners = [
        _integers(images, side - cut + 1, stateless_seed(seed, step, f"data/crop/{axis}"))
        for axis, side, cut in zip(("row", "column"), images.shape[1:3], height_and_width(size))
    ]
    return crop_at(images, corners, size)


def randomly_mirrored(images: Tensor, *, seed: int, step: Tensor) -> Tensor:
    """Mirrors a random half of the images (B, H, W, C) of a step, left for right."""
    return mirror(images, tf.equal(_integers(images, 2, stateless_seed(seed, step, "data/mirror")), 1))


def _integers(images: Tensor, limit: int, seed: Tensor) -> Tensor:
    """Draws one integer below `limit` for each image."""
    return tf.random.stateless_uniform([images.shape[0]], seed, maxval=limit, dtype=tf.int32)


def check_changes(sample_shape: tuple[int, ...], *, crop_size: ImageSize | None, mirrored: bool) -> None:
    """Raises an InputError if samples of a shape cannot be cropped or mirrored."""
    if not are_images(sample_shape):
        if crop_size is not None or mirrored:
            name, value = ("mirror", mirrored) if mirrored else ("crop_size", crop_size)
            raise InputError(f"`{name}` is for images. Received: {value}, for points of {sample_shape[0]} dimensions")
    elif crop_size is not None:
        height, width, _ = sample_shape
        high, wide = height_and_width(crop_size)
        if high > height or wide > width:
            raise InputError(
                f"`crop_size` must be at most {height}x{width}, the images' size. Received: {size_text(crop_size)}"
            )
