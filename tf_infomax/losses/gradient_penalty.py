"""The penalty on the gradients of a critic, as pure functions of gradients computed elsewhere."""

import tensorflow as tf

from tf_infomax.layers.precision import full_precision
from tf_infomax.types import Tensor


def interpolate(real_images: Tensor, fake_images: Tensor, fractions: Tensor) -> Tensor:
    """Returns `e x_r + (1 - e) x_g`.

    Args:
        real_images: x_r (B, H, W, C), or points (B, D).
        fake_images: x_g, likewise.
        fractions: e (B,) in [0, 1], the weight of each real image.

    Returns:
        Like `real_images`. Source: WGAN-GP, Algorithm 1, line 6.
    """
    fractions = tf.reshape(fractions, [-1] + [1] * (len(real_images.shape) - 1))
    return fractions * real_images + (1.0 - fractions) * fake_images


def gradient_norms(gradients: Tensor) -> Tensor:
    """Returns each image's Euclidean norm (B,), float32 or better, of gradients (B, ...).

    The derivative at a norm of zero is zero; that of the square root alone would be infinite.
    """
    gradients = full_precision(gradients)
    squares = tf.reduce_sum(tf.square(gradients), axis=list(range(1, len(gradients.shape))))
    positive = squares > 0
    return tf.where(positive, tf.sqrt(tf.where(positive, squares, tf.ones_like(squares))), tf.zeros_like(squares))


def gradient_penalty(norms: Tensor, *, target: float = 1.0) -> Tensor:
    """`mean((||g_i|| - gamma)^2 / gamma^2)` of norms (B,) for a target gamma: a scalar.

    Source: Gulrajani et al., 2017 (WGAN-GP), Eq. 3, where the target is 1; Karras et al., 2018, Appendix A.1.
    """
    return tf.reduce_mean(tf.square(norms / target - 1.0))
