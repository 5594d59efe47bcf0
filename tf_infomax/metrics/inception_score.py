"""Inception score: sharpness of each prediction and variety of all."""

import numpy as np
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.metrics.rows import Rows, ShuffledRows, as_rows
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


def split_inception_scores(logits: Rows | Tensor, *, num_splits: int = 10, seed: int = 0) -> Array:
    """Inception scores of equal parts of the images in random order, whose mean and deviation many papers report.

    The mean over parts lies below the score of all images: fewer images show less variety.

    Args:
        logits: (N, K) floating point, or log-probabilities; in memory or `StoredRows`.
        num_splits: S; part s has the rows `s N / S` to `(s + 1) N / S`, rounded down.
        seed: Seed of the order.

    Returns:
        (S,) float64.

    Raises:
        InputError: `logits` is not a finite matrix, or a part would hold fewer than 2 rows.

    Source:
        Salimans et al. 2016, section 4, and their code; the shuffle and the bounds are torch-fidelity's.
    """
    rows = ShuffledRows(as_rows(logits, name="logits"), seed)
    if num_splits < 1 or len(rows) < 2 * num_splits:
        raise InputError(
            f"`num_splits`: expected at least 1, each of at least 2 images. Received: {num_splits} of {len(rows)}"
        )
    bounds = [index * len(rows) // num_splits for index in range(num_splits + 1)]
    return np.array([inception_score(rows[start:end]) for start, end in zip(bounds[:-1], bounds[1:], strict=True)])
