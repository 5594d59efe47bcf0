"""Kernel distance between two sets of features (KID with Inception features)."""

import math
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.metrics.rows import Rows, as_rows, read
from tf_infomax.metrics.validation import check_same_width
from tf_infomax.types import Tensor

BLOCK_SIZE = 1024
"""Most rows in a block. Source: TF-GAN's default."""


class KernelDistance(NamedTuple):
    """A squared maximum mean discrepancy and its standard error.

    Attributes:
        value: The mean over blocks; an unbiased estimate, so it can be negative.
        standard_error: Standard error of the mean, from the spread between blocks; NaN with a single block.
    """

    value: float
    standard_error: float


def kernel_distance(
    real_features: Rows | Tensor, fake_features: Rows | Tensor, *, max_block_size: int = BLOCK_SIZE
) -> KernelDistance:
    """Squared maximum mean discrepancy under the kernel `k(x, y) = (x.y / F + 1)^3`, averaged over blocks.

    Both sets are cut, in the order given, into `ceil(max(N, N') / max_block_size)` blocks of nearly equal size; each
    pair of blocks gives the unbiased estimate. The rows must be in random order: a set sorted by class biases every
    block. In float64, with one pair of blocks in memory at a time.

    Args:
        real_features: (N, F) floating point, in memory or `StoredRows`.
        fake_features: (N', F) likewise.
        max_block_size: The largest number of rows in a block.

    Returns:
        The value and its standard error. This is not the error that other libraries print, which is the standard
        deviation of random subsets: see `subset_kernel_distances`.

    Raises:
        InputError: A set is not a finite matrix, the two differ in F, or a block would hold fewer than 2 rows of
            either.

    Source:
        Binkowski et al. 2018 (Demystifying MMD GANs); block estimator of Zaremba et al. 2013 (B-tests); computed by
        TF-GAN's `kernel_classifier_distance_and_std_from_activations`.
    """
    real, fake = as_rows(real_features, name="real_features"), as_rows(fake_features, name="fake_features")
    check_same_width(real, fake)
    check_blocks(len(real), len(fake), max_block_size)
    num_blocks = math.ceil(max(len(real), len(fake)) / max_block_size)
    pairs = zip(_cut(len(real), num_blocks), _cut(len(fake), num_blocks), strict=True)
    return _summarise(tf.stack([_block_estimate(real, fake, *pair) for pair in pairs]))


def _cut(count: int, num_blocks: int) -> list[slice]:
    """Returns the blocks of `count` rows as TF-GAN cuts them: the larger ones last."""
    size, larger = divmod(count, num_blocks)
    ends = np.cumsum([size] * (num_blocks - larger) + [size + 1] * larger)
    return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _block_estimate(real: Rows, fake: Rows, real_block: slice, fake_block: slice) -> Tensor:
    blocks = read(real, real_block, name="real_features"), read(fake, fake_block, name="fake_features")
    estimate, _ = compat.tfgan_eval().kernel_classifier_distance_and_std_from_activations(
        *map(tf.constant, blocks), max_block_size=max(map(len, blocks)), dtype=tf.float64
    )
    return estimate


def _summarise(estimates: Tensor) -> KernelDistance:
    """Returns mean and standard error of estimates (blocks,), by TF-GAN's operations: the same bits."""
    mean = tf.reduce_mean(estimates)
    count = len(estimates)
    if count == 1:
        return KernelDistance(float(mean), math.nan)
    variance = tf.reduce_sum(tf.square(estimates - mean)) / (count - 1)
    return KernelDistance(float(mean), float(tf.sqrt(variance / count)))


def check_blocks(num_real: int, num_fake: int, max_block_size: int = BLOCK_SIZE) -> None:
    """Raises an InputError unless each block of the kernel distance has two real rows and two generated ones."""
    if max_block_size < 2:
        raise InputError(f"`max_block_size` must be at least 2. Received: {max_block_size}")
    num_blocks = math.ceil(max(num_real, num_fake) / max_block_size)
    if min(num_real, num_fake) < 2 * num_blocks:
        raise InputError(
            f"expected at least 2 real and 2 fake rows in each of the {num_blocks} blocks of the kernel distance. "
            f"Received: {num_real} real and {num_fake} fake"
        )
