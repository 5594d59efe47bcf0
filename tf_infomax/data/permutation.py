"""Pseudorandom permutations that are computed one index at a time, so that a shuffled order needs no memory."""

import tensorflow as tf

from tf_infomax.types import Tensor

# The public `tf.random.experimental.index_shuffle` fixes 4 rounds: the permutations of neighbouring seeds, such as
# those of two epochs, correlate by 0.4. It also refuses one seed per index. From 12 rounds on the correlations are
# those of random orders, 1 / sqrt(size); 24 leaves a margin and takes no measurable time.
_CIPHER_ROUNDS = 24


def permute_indices(indices: Tensor, *, size: int, seed: int, stream: Tensor | int) -> Tensor:
    """Maps indices through pseudorandom permutations of `0 .. size - 1`, one permutation for each pair (seed, stream).

    A pure function of its arguments, `permutation[seed, stream](indices)`, by the cipher of TensorFlow's index shuffle.

    Args:
        indices: (B,) int64 in `[0, size)`.
        size: Length of the permutation.
        seed: First half of the key.
        stream: Second half of the key, such as the epoch: one for all indices, or (B,) int64.

    Returns:
        (B,) int64 in `[0, size)`.
    """
    indices = tf.convert_to_tensor(indices, tf.int64)
    stream = tf.broadcast_to(tf.cast(stream, tf.int64), tf.shape(indices))
    keys = tf.stack(
        [tf.fill(tf.shape(indices), tf.constant(seed, tf.int64)), stream, tf.zeros_like(stream)], axis=1
    )  # (B, 3)
    largest = tf.constant(size - 1, tf.int64)
    return tf.raw_ops.RandomIndexShuffle(index=indices, seed=keys, max_index=largest, rounds=_CIPHER_ROUNDS)
