"""Crops, flips, occlusions and cut-outs of images. Stateless and image by image."""

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.images import crop_at, mirror
from tf_infomax.sizes import ImageSize, height_and_width
from tf_infomax.types import Tensor


def random_crop(images: Tensor, size: ImageSize, seed: Tensor) -> Tensor:
    """Cuts (B, h, w, C) out of images (B, H, W, C), each at its own place.

    Args:
        images: The images.
        size: Height and width in pixels, one number where they are equal.
        seed: (2,) int32, stateless.
    """
    rows = distribution.num_rows(images)
    corners = [
        distribution.random_integers(rows, tf.random.fold_in(seed, axis), side - cut + 1)
        for axis, (side, cut) in enumerate(zip(images.shape[1:3], height_and_width(size)))
    ]
    return crop_at(images, corners, size)


def random_flip(images: Tensor, seed: Tensor) -> Tensor:
    """Mirrors about half of the images (B, H, W, C), left for right, by a stateless seed (2,)."""
    mirrored = distribution.random_integers(distribution.num_rows(images), seed, 2)
    return mirror(images, tf.equal(mirrored, 1))


def random_occlusion(images: Tensor, block_size: int, seed: Tensor) -> Tensor:
    """Hides part of each image (B, H, W, C): one side of a random row or column becomes 0.

    At least one block of `block_size` x `block_size` pixels stays visible, and at least one is hidden.

    Args:
        images: The images.
        block_size: Pixels, at most half of the height and of the width.
        seed: (2,) int32, stateless.

    Source: Hjelm et al., ICLR 2019, Appendix A.7, which asks for the two blocks and leaves the rest open.
    """
    height, width = images.shape[1:3]
    rows = distribution.num_rows(images)
    axes, sides = (distribution.random_integers(rows, tf.random.fold_in(seed, i), 2) for i in range(2))
    cuts = [
        block_size + distribution.random_integers(rows, tf.random.fold_in(seed, 2 + i), side - 2 * block_size + 1)
        for i, side in enumerate((height, width))
    ]
    below = tf.range(height)[None, :, None] >= cuts[0][:, None, None]  # (B, H, 1)
    right = tf.range(width)[None, None, :] >= cuts[1][:, None, None]  # (B, 1, W)
    chosen = tf.where(tf.equal(axes, 0)[:, None, None], below, right)  # (B, H, W)
    hidden = tf.equal(chosen, tf.equal(sides, 1)[:, None, None])
    return tf.where(hidden[..., None], tf.zeros([], images.dtype), images)


def random_translation(images: Tensor, fraction: float, seed: Tensor) -> Tensor:
    """Shifts each image (B, H, W, C) by up to a fraction of its height and of its width, whole pixels; zeros come in.

    Args:
        images: The images.
        fraction: In [0, 1].
        seed: (2,) int32, stateless.

    Source: Zhao et al., NeurIPS 2020, the authors' code.
    """
    height, width = images.shape[1:3]
    down, right = _part(height, fraction), _part(width, fraction)
    return random_crop(tf.pad(images, [[0, 0], [down, down], [right, right], [0, 0]]), (height, width), seed)


def random_cutout(images: Tensor, fraction: float, seed: Tensor) -> Tensor:
    """Hides a rectangle of each image (B, H, W, C): its pixels become 0, grey in [-1, 1].

    The centre is anywhere in the image, so that the rectangle may end at the border.

    Args:
        images: The images.
        fraction: Height and width of the rectangle, relative to the image's, in [0, 1].
        seed: (2,) int32, stateless.

    Source: Zhao et al., NeurIPS 2020, the authors' code.
    """
    inside = []
    for axis, side in enumerate(images.shape[1:3]):
        length = _part(side, fraction)
        centres = distribution.random_integers(
            distribution.num_rows(images), tf.random.fold_in(seed, axis), side + 1 - length % 2
        )
        distances = tf.range(side) - (centres - length // 2)[:, None]  # (B, side), from the rectangle's first pixel
        inside.append((distances >= 0) & (distances < length))
    hidden = inside[0][:, :, None] & inside[1][:, None, :]  # (B, H, W)
    return tf.where(hidden[..., None], tf.zeros([], images.dtype), images)


def _part(side: int, fraction: float) -> int:
    """Returns a fraction of a side in pixels, halves rounded up as in the authors' code."""
    return int(side * fraction + 0.5)
