"""Colours of images, changed image by image: brightness, saturation, contrast, and affine maps of colour."""

import math

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.models.augmentation.draws import uniform_rows
from tf_infomax.types import Tensor


def random_brightness(images: Tensor, seed: Tensor) -> Tensor:
    """Adds a number in [-0.5, 0.5) to all pixels of an image (B, H, W, C). Source: Zhao et al., NeurIPS 2020."""
    return images + _uniform(images, -0.5, 0.5, seed)


def random_saturation(images: Tensor, seed: Tensor) -> Tensor:
    """Scales the colours of an image (B, H, W, C) about its shades of grey by a factor in [0, 2).

    A shade of grey is the mean over the channels, so that images of one channel stay as they are.

    Source: Zhao et al., NeurIPS 2020.
    """
    if images.shape[-1] == 1:
        return images
    return _scaled_about(tf.reduce_mean(images, axis=-1, keepdims=True), images, _uniform(images, 0.0, 2.0, seed))


def random_contrast(images: Tensor, seed: Tensor) -> Tensor:
    """Scales an image (B, H, W, C) about its mean by a factor in [0.5, 1.5). Source: Zhao et al., NeurIPS 2020."""
    mean = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
    return _scaled_about(mean, images, _uniform(images, 0.5, 1.5, seed))


def _uniform(images: Tensor, low: float, high: float, seed: Tensor) -> Tensor:
    """Draws a number (B, 1, 1, 1) in [low, high) for each image."""
    return low + (high - low) * uniform_rows(distribution.num_rows(images), 1, seed)[:, :, None, None]


def _scaled_about(centre: Tensor, images: Tensor, factors: Tensor) -> Tensor:
    return (images - centre) * factors + centre


def colour_maps(
    num_channels: int, *, brightness: Tensor, contrast: Tensor, inversion: Tensor, hue: Tensor, saturation: Tensor
) -> tuple[Tensor, Tensor]:
    """Returns an affine map of colours for each image: brighter, then of more contrast, then turned about grey.

    `x -> c L (x + b)`, where L acts on the axis of greys, v = (1, ..., 1) / sqrt(C), and on the plane across it:

        L = f v v^T + s (cos(h) (I - v v^T) + sin(h) [v]_x)

    Args:
        num_channels: C. Hue and saturation are for 3; others have no plane to turn, and keep theirs.
        brightness: b (B,); 0 changes nothing.
        contrast: log2(c), likewise.
        inversion: 1 mirrors the greys, f = -1; 0 does not, f = 1.
        hue: h, radians.
        saturation: log2(s).

    Returns:
        Matrices (B, C, C) and offsets (B, C).

    Source: Karras et al., NeurIPS 2020, Appendix B, as one matrix.
    """
    grey = tf.fill([num_channels, num_channels], 1.0 / num_channels)  # v v^T
    across = tf.eye(num_channels) - grey
    flipped = (1.0 - 2.0 * inversion)[:, None, None]
    linear = flipped * grey
    if num_channels == 3:
        angle, strength = hue[:, None, None], tf.pow(2.0, saturation)[:, None, None]
        linear += strength * (tf.cos(angle) * across + tf.sin(angle) * tf.constant(_CROSS) / math.sqrt(3.0))
    else:
        linear += across
    scale = tf.pow(2.0, contrast)
    offsets = scale * flipped[:, 0, 0] * brightness
    return scale[:, None, None] * linear, tf.tile(offsets[:, None], [1, num_channels])


_CROSS = [[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]
"""Matrix of the cross product with (1, 1, 1)."""


def map_colours(images: Tensor, matrices: Tensor, offsets: Tensor) -> Tensor:
    """Maps the colours of images (B, H, W, C): `x -> matrices @ x + offsets`.

    Args:
        images: float32.
        matrices: (B, C, C).
        offsets: (B, C).
    """
    # No matrix product: those of GPUs round images to ten bits.
    products = images[..., None, :] * matrices[:, None, None]  # (B, H, W, C, C)
    return tf.reduce_sum(products, axis=-1) + offsets[:, None, None]
