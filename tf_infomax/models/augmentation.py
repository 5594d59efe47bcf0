"""Augmentation of images before an encoder sees them: crops, flips, occlusion. Stateless and image by image."""

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.images import crop_at, mirror
from tf_infomax.types import Tensor


def random_crop(images: Tensor, size: int, seed: Tensor) -> Tensor:
    """Cuts (B, size, size, C) out of images (B, H, W, C), each at its own place, by a stateless seed (2,)."""
    corners = [
        distribution.random_integers(distribution.num_rows(images), tf.random.fold_in(seed, axis), side - size + 1)
        for axis, side in enumerate(images.shape[1:3])
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
