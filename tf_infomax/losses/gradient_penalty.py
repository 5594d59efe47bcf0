"""The penalty on gradients of a critic, as pure functions of gradients that were taken elsewhere."""

import tensorflow as tf

from tf_infomax.precision import full_precision
from tf_infomax.types import Tensor


def interpolate(real_images: Tensor, fake_images: Tensor, fractions: Tensor) -> Tensor:
    """Returns `e x_r + (1 - e) x_g`.

    Args:
        real_images: x_r (B, H, W, C).
        fake_images: x_g, likewise.
        fractions: e (B,) in [0, 1]: how much of an image is real.

    Returns:
        (B, H, W, C). Source: WGAN-GP, Algorithm 1, line 6.
    """
    fractions = fractions[:, None, None, None]
    return fractions * real_images + (1.0 - fractions) * fake_images


def gradient_norms(gradients: Tensor) -> Tensor:
    """Returns each image's Euclidean norm (B,), float32 or better, of gradients (B, ...).

    A norm of zero has the derivative zero, where the square root alone would have an infinite one.
    """
    gradients = full_precision(gradients)
    squares = tf.reduce_sum(tf.square(gradients), axis=list(range(1, len(gradients.shape))))
    positive = squares > 0
    return tf.where(positive, tf.sqrt(tf.where(positive, squares, tf.ones_like(squares))), tf.zeros_like(squares))


def gradient_penalty(norms: Tensor) -> Tensor:
    """`mean((||g_i|| - 1)^2)` of norms (B,): a scalar. Source: Gulrajani et al., 2017 (WGAN-GP), Eq. 3."""
    return tf.reduce_mean(tf.square(norms - 1.0))
