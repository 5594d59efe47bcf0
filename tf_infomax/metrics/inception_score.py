"""Inception score: sharpness of each prediction and variety of all."""

import tensorflow as tf

from tf_infomax import compat
from tf_infomax.metrics.validation import as_float64
from tf_infomax.types import Array, Tensor

# exp(-700) is the smallest power that float64 holds with room to spare; below it a class that no image has would give 0
# * log(0).
_LEAST_LOG_PROBABILITY = -700.0


def inception_score(logits: Array | Tensor) -> float:
    """`exp(mean_i KL(p(y|x_i) || p(y)))`, between 1 (all predictions equal) and K (certain and spread evenly).

    Args:
        logits: (N, K) floating point, or log-probabilities; N at least 2.

    Returns:
        The score over all N images, without splits, in float64.

    Raises:
        InputError: `logits` is not a finite matrix of at least 2 rows.

    Source:
        Salimans et al. 2016 (Improved Techniques for Training GANs), section 4; computed by TF-GAN's
        `classifier_score_from_logits`.
    """
    log_probabilities = tf.nn.log_softmax(as_float64(logits, name="logits"))  # (N, K)
    log_probabilities = tf.maximum(log_probabilities, _LEAST_LOG_PROBABILITY)
    return float(compat.tfgan_eval().classifier_score_from_logits(log_probabilities))
