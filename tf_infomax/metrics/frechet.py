"""Frechet distance between two sets of features (FID with Inception features)."""

import tensorflow as tf

from tf_infomax import compat
from tf_infomax.metrics.validation import as_float64, check_same_width
from tf_infomax.types import Array, Tensor


def frechet_distance(real_features: Array | Tensor, fake_features: Array | Tensor) -> float:
    """Squared Frechet distance between Gaussians fitted to two sets of features.

    `|m - m'|^2 + tr(S + S' - 2 (S S')^(1/2))`, with means m and unbiased covariances S of the real and fake features,
    in float64. TF-GAN takes no root of a singular value below 1e-10, which makes the distance of small activations a
    little too large, such as features of length 1.

    Args:
        real_features: (N, F) floating point, N at least 2.
        fake_features: (N', F) floating point, N' at least 2.

    Returns:
        The distance, in squared feature units; rounding can leave a value just below zero for equal sets.

    Raises:
        InputError: A set is not a finite matrix of at least 2 rows, or the two differ in F.

    Source:
        Heusel et al. 2017 (TTUR), Eq. 6; computed by TF-GAN's `frechet_classifier_distance_from_activations`.
    """
    real = as_float64(real_features, name="real_features")
    fake = as_float64(fake_features, name="fake_features")
    check_same_width(real, fake)
    distance: tf.Tensor = compat.tfgan_eval().frechet_classifier_distance_from_activations(real, fake)
    return float(distance)
