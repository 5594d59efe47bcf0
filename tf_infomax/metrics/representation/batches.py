"""Batches for the small networks that measure a representation."""

from collections.abc import Iterator

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.types import Array


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
    """Scales codes (N, Y) so that each component has mean 0 and standard deviation 1 in the training part; float32.

    A component that is constant there is only centred.

    Raises:
        InputError: The parts differ in width, or some number is not finite.
    """
    from sklearn.preprocessing import StandardScaler  # Not at the top: scikit-learn takes two seconds to load.

    check_codes(train, test)
    scaler = StandardScaler().fit(train)
    return scaler.transform(train).astype(np.float32), scaler.transform(test).astype(np.float32)


def check_pairs(*parts: tuple[Array, Array]) -> None:
    """Raises an InputError unless each part has as many representations as inputs, and these are finite."""
    for inputs, codes in parts:
        if len(inputs) != len(codes):
            raise InputError(
                f"Inputs and representations must have the same length. Received: {len(inputs)} and {len(codes)}"
            )
        if not np.isfinite(inputs).all():
            raise InputError("Inputs must be finite. Received: NaN or infinity")


def check_codes(train: Array, test: Array) -> None:
    """Raises an InputError unless codes (N, Y) to learn from and to test on (M, Y) share Y and are finite."""
    if train.ndim != 2 or test.ndim != 2 or train.shape[1] != test.shape[1]:
        raise InputError(f"Features must be (N, Y) and (M, Y). Received: {train.shape} and {test.shape}")
    if not (np.isfinite(train).all() and np.isfinite(test).all()):
        raise InputError("Features must be finite. Received: NaN or infinity")
