"""Kernel distance between two sets of features (KID with Inception features)."""

import math
from typing import NamedTuple

import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.metrics.validation import as_float64, check_same_width
from tf_infomax.types import Array, Tensor


class KernelDistance(NamedTuple):
    """A squared maximum mean discrepancy and its standard error.

    Attributes:
        value: The mean over blocks; an unbiased estimate, so it can be negative.
        standard_error: Standard error of the mean, from the spread between blocks; NaN with a single block.
    """

    value: float
    standard_error: float


def kernel_distance(
    real_features: Array | Tensor, fake_features: Array | Tensor, *, max_block_size: int = 1024
) -> KernelDistance:
    """Squared maximum mean discrepancy under the kernel `k(x, y) = (x.y / F + 1)^3`, averaged over blocks.

    Both sets are cut, in the order given, into `ceil(max(N, N') / max_block_size)` blocks of nearly equal size; each
    pair of blocks gives the unbiased estimate. The rows must be in random order: a set sorted by class biases every
    block. In float64.

    Args:
        real_features: (N, F) floating point.
        fake_features: (N', F) floating point.
        max_block_size: The largest number of rows in a block.

    Returns:
        The value and its standard error. This is not the error that other libraries print, which is the standard
        deviation of random subsets.

    Raises:
        InputError: A set is not a finite matrix, the two differ in F, or a block would hold fewer than 2 rows of
            either.

    Source:
        Binkowski et al. 2018 (Demystifying MMD GANs); block estimator of Zaremba et al. 2013 (B-tests); computed by
        TF-GAN's `kernel_classifier_distance_and_std_from_activations`.
    """
    real = as_float64(real_features, name="real_features")
    fake = as_float64(fake_features, name="fake_features")
    check_same_width(real, fake)
    _check_blocks(len(real), len(fake), max_block_size)
    value, error = compat.tfgan_eval().kernel_classifier_distance_and_std_from_activations(
        real, fake, max_block_size=max_block_size, dtype=tf.float64
    )
    return KernelDistance(float(value), float(error))


def _check_blocks(num_real: int, num_fake: int, max_block_size: int) -> None:
    if max_block_size < 2:
        raise InputError(f"`max_block_size` must be at least 2. Received: {max_block_size}")
    num_blocks = math.ceil(max(num_real, num_fake) / max_block_size)
    if min(num_real, num_fake) < 2 * num_blocks:
        raise InputError(
            f"expected at least 2 real and 2 fake rows in each of the {num_blocks} blocks of the kernel distance. "
            f"Received: {num_real} real and {num_fake} fake"
        )
