"""Random numbers of augmentations: for each image its own, whatever the number of replicas."""

import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.types import Tensor


def uniform_rows(num_rows: int | Tensor, num_columns: int, seed: Tensor) -> Tensor:
    """Draws this replica's numbers (B, num_columns) float32 in [0, 1), by a stateless seed (2,)."""
    return distribution.replica_share(lambda rows: tf.random.stateless_uniform([rows, num_columns], seed), num_rows)


def normal_rows(num_rows: int | Tensor, num_columns: int, seed: Tensor) -> Tensor:
    """Draws this replica's standard normal numbers (B, num_columns) float32, by a stateless seed (2,)."""
    return distribution.replica_share(lambda rows: tf.random.stateless_normal([rows, num_columns], seed), num_rows)
