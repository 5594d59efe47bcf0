"""Augmentation of images before an encoder sees them: crops, flips, occlusion. Stateless and image by image."""

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.types import Tensor


def centre_crop(images: Tensor, size: int) -> Tensor:
    """Cuts (B, size, size, C) out of the middle of images (B, H, W, C)."""
    top, left = ((side - size) // 2 for side in images.shape[1:3])
    return images[:, top : top + size, left : left + size]


def random_crop(images: Tensor, size: int, seed: Tensor) -> Tensor:
    """Cuts (B, size, size, C) out of images (B, H, W, C), each at its own place, by a stateless seed (2,)."""
    for axis, side in enumerate(images.shape[1:3]):
        starts = distribution.random_integers(
            distribution.num_rows(images), tf.random.fold_in(seed, axis), side - size + 1
        )
        indices = starts[:, None] + tf.range(size)
        transposed = images if axis == 0 else tf.transpose(images, [0, 2, 1, 3])
        images = tf.gather(transposed, indices, axis=1, batch_dims=1)
    return tf.transpose(images, [0, 2, 1, 3])


def random_flip(images: Tensor, seed: Tensor) -> Tensor:
    """Mirrors about half of the images (B, H, W, C), left for right, by a stateless seed (2,)."""
    mirrored = distribution.random_integers(distribution.num_rows(images), seed, 2)
    return tf.where(tf.equal(mirrored, 1)[:, None, None, None], images[:, :, ::-1], images)


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
