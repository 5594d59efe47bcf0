"""Checks inside the graph of a signature: what cannot be drawn is refused in one sentence, before anything is drawn.

A server, the C API and Python alike answer INVALID_ARGUMENT with the sentence and go on serving. Without the checks NaN
gives black images, an empty batch an array of a wrong shape, a single label is repeated for all rows, and too many rows
may take the whole process with them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.latents import SEEDS
from tf_infomax.types import Tensor

MAX_ROWS = 1024
"""Largest number of rows of one request, unless an export says otherwise."""


class Check(NamedTuple):
    """A condition on a request.

    Attributes:
        holds: () bool.
        sentence: What was expected.
        received: What is shown of the request.
    """

    holds: Tensor
    sentence: str
    received: Tensor


def guarded(checks: Sequence[Check], *values: Tensor) -> tuple[Tensor, ...]:
    """Returns the values, which nothing can read before all checks have passed.

    The checks run in order, so a request with several faults always gets the sentence of the first.
    """
    passed: list[tf.Operation] = []
    for check in checks:
        with tf.control_dependencies(passed):
            passed = [tf.debugging.Assert(check.holds, [f"{check.sentence} Received:", check.received])]
    with tf.control_dependencies(passed):
        return tuple(tf.identity(value) for value in values)


def check_max_rows(max_rows: int) -> None:
    """Raises an InputError unless a limit of rows is positive."""
    if max_rows < 1:
        raise InputError(f"`max_rows` must be at least 1. Received: {max_rows}")


def rows_within(name: str, values: Tensor, max_rows: int) -> Check:
    """Values (N, ...) have 1 to `max_rows` rows."""
    rows = tf.shape(values)[0]
    return Check((rows >= 1) & (rows <= max_rows), f"`{name}` must have 1 to {max_rows} rows.", rows)


def rows_of(name: str, values: Tensor, shape: Sequence[int]) -> Check:
    """Each row of values (N, ...) has a shape, which a server's runtime does not check by itself."""
    size = tf.shape(values)[0] * tf.reduce_prod(tf.constant(shape))
    text = " x ".join(map(str, shape))
    return Check(tf.equal(tf.size(values), size), f"`{name}` must have rows of {text} numbers.", tf.shape(values))


def all_finite(name: str, values: Tensor) -> Check:
    """No value is NaN or infinite."""
    finite = tf.math.is_finite(values)
    return Check(tf.reduce_all(finite), f"`{name}` must be finite.", tf.boolean_mask(values, ~finite))


def labels_within(labels: Tensor, num_classes: int) -> Check:
    """Labels (N,) are classes from 0 to K - 1."""
    known = (labels >= 0) & (labels < num_classes)
    sentence = f"`labels` must be from 0 to {num_classes - 1}."
    return Check(tf.reduce_all(known), sentence, tf.boolean_mask(labels, ~known))


def seeds_within(seeds: Tensor) -> Check:
    """Seeds (N,) int64 are those of `GAN.generate`: another one would become one of these."""
    known = (seeds >= SEEDS.start) & (seeds < SEEDS.stop)
    return Check(tf.reduce_all(known), "`seeds` must be from -2**31 to 2**31 - 1.", tf.boolean_mask(seeds, ~known))


def one_for_each(name: str, values: Tensor, other_name: str, others: Tensor) -> Check:
    """Two inputs have the same number of rows: a single one would be repeated."""
    rows = tf.stack([tf.shape(values)[0], tf.shape(others)[0]])
    return Check(tf.equal(rows[0], rows[1]), f"`{name}` must be one for each of `{other_name}`.", rows)


def bounds_within(bounds: Tensor) -> Check:
    """Bounds of latents (N,) are positive and finite."""
    sound = (bounds > 0) & tf.math.is_finite(bounds)
    return Check(tf.reduce_all(sound), "`truncation` must be positive and finite.", tf.boolean_mask(bounds, ~sound))


def counts_within(num_images: Tensor, max_rows: int) -> Check:
    """Numbers of images (N,) are at least 1 and together at most `max_rows`."""
    total = tf.reduce_sum(tf.cast(num_images, tf.int64))
    holds = tf.reduce_all(num_images >= 1) & (tf.size(num_images) >= 1) & (total <= max_rows)
    return Check(holds, f"`num_images` must be from 1 to {max_rows}.", num_images)
