"""The two terms of the evidence lower bound with Gaussian distributions, in nats."""

import tensorflow as tf

from tf_infomax.layers.precision import full_precision
from tf_infomax.types import Tensor


def reconstruction_loss(images: Tensor, decoded_images: Tensor) -> Tensor:
    """`mean over i of: 1/2 ||x_i - x'_i||^2`: minus the log-likelihood of a Gaussian with unit variance.

    Its constant, `log(2 pi) / 2` for each number of an image, is left out.

    Args:
        images: x (B, H, W, C).
        decoded_images: x' (B, H, W, C), the Gaussian's mean.

    Returns:
        Scalar, float32 or better, nats: a sum over pixels and channels, a mean over the batch.
        Source: Kingma and Welling, 2014, Appendix C.2.
    """
    differences = full_precision(images) - full_precision(decoded_images)
    return 0.5 * tf.reduce_mean(tf.reduce_sum(tf.square(differences), axis=[1, 2, 3]))


def standard_normal_divergence(means: Tensor, log_variances: Tensor) -> Tensor:
    """The divergence KL(N(mu, sigma^2), N(0, I)) with independent units.

    `mean over i of: 1/2 sum over y of (mu^2 + sigma^2 - log(sigma^2) - 1)`

    Args:
        means: mu (B, Y).
        log_variances: log(sigma^2) (B, Y).

    Returns:
        Scalar, float32 or better, nats; 0 where all means and log-variances are 0.
        Source: Kingma and Welling, 2014, Appendix B.
    """
    means, log_variances = full_precision(means), full_precision(log_variances)
    terms = tf.square(means) + tf.exp(log_variances) - log_variances - 1.0
    return 0.5 * tf.reduce_mean(tf.reduce_sum(terms, axis=1))
