"""Locations of feature maps, all or a sample."""

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.types import Tensor


def flatten_locations(features: Tensor) -> Tensor:
    """Flattens feature maps (B, H, W, C) to (B, M, C); a vector (B, C) is a map of one location."""
    num_locations = 1
    for size in features.shape[1:-1]:
        num_locations *= size
    return tf.reshape(features, [-1, num_locations, features.shape[-1]])


def sample_locations(features: Tensor, fraction: float, seed: Tensor | None) -> Tensor:
    """Keeps a random part of each image's locations, drawn without replacement.

    Args:
        features: (B, M, C).
        fraction: Fraction of the M locations to keep, in (0, 1]; at least one is kept.
        seed: (2,) int32, stateless; an image's locations do not depend on the number of replicas.

    Returns:
        (B, max(1, floor(fraction * M)), C).
    """
    num_locations = features.shape[1]
    num_kept = max(1, int(fraction * num_locations + 1e-6))  # 0.29 * 100 is 28.999999999999996
    if num_kept == num_locations:
        return features
    keys = distribution.replica_share(
        lambda rows: tf.random.stateless_uniform([rows, num_locations], seed), distribution.num_rows(features)
    )
    return tf.gather(features, tf.math.top_k(keys, num_kept).indices, batch_dims=1)
