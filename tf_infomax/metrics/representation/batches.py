"""Batches for the small networks that measure a representation."""

from collections.abc import Iterator

import numpy as np

from tf_infomax.types import Array

_SMALLEST_STD = 1e-6


def shuffled_batches(num_rows: int, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yields the indices of one epoch in random order, in batches of one size; the remainder is dropped.

    Args:
        num_rows: Number of rows (N).
        batch_size: Rows in a batch; all N if there are fewer.
        rng: Draws the order.
    """
    order = rng.permutation(num_rows)
    size = min(batch_size, num_rows)
    for start in range(0, num_rows - size + 1, size):
        yield order[start : start + size]


def endless_batches(num_rows: int, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yields batches of one epoch after another."""
    while True:
        yield from shuffled_batches(num_rows, batch_size, rng)


def cosine_decay(step: int, num_steps: int) -> float:
    """Returns the factor of a learning rate that falls from 1 to 0."""
    return 0.5 * (1.0 + float(np.cos(np.pi * step / num_steps)))


def standardised(train: Array, test: Array) -> tuple[Array, Array]:
    """Scales codes (N, Y) so that each component has mean 0 and standard deviation 1 in the training part; float32."""
    mean, std = train.mean(axis=0), train.std(axis=0) + _SMALLEST_STD
    return tuple(((part - mean) / std).astype(np.float32) for part in (train, test))
