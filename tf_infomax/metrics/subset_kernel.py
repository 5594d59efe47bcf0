"""Kernel distances of random subsets, as other libraries report KID."""

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.metrics.rows import Rows, as_rows, read
from tf_infomax.metrics.validation import check_same_width
from tf_infomax.types import Array, Tensor


def subset_kernel_distances(
    real_features: Rows | Tensor,
    fake_features: Rows | Tensor,
    *,
    num_subsets: int = 100,
    subset_size: int = 1000,
    seed: int = 0,
) -> Array:
    """Squared maximum mean discrepancies of random subsets under the kernel `k(x, y) = (x.y / F + 1)^3`, unbiased.

    Each subset is drawn without replacement from all rows, so subsets overlap: their deviation tells how much one
    subset varies, and is not the error of their mean. In float64, with one pair of subsets in memory at a time.

    Args:
        real_features: (N, F) floating point, in memory or `StoredRows`.
        fake_features: (M, F) likewise.
        num_subsets: S.
        subset_size: Rows in a subset of each set, at most N and M.
        seed: Seed of the subsets.

    Returns:
        (S,) float64; values can be negative.

    Raises:
        InputError: A set is not a finite matrix, the two differ in F, or there are no such subsets.

    Source:
        Binkowski et al. 2018 (Demystifying MMD GANs) and their code, which torch-fidelity and clean-fid follow.
    """
    real, fake = as_rows(real_features, name="real_features"), as_rows(fake_features, name="fake_features")
    check_same_width(real, fake)
    check_subsets(num_subsets, subset_size)
    if subset_size > min(len(real), len(fake)):
        raise InputError(
            f"`subset_size`: expected at most the number of images, {len(real)} real and {len(fake)} fake. "
            f"Received: {subset_size}"
        )
    rng = np.random.default_rng(seed)

    def subset(rows: Rows, name: str) -> Array:
        return read(rows, rng.choice(len(rows), subset_size, replace=False), name=name)

    pairs = ((subset(real, "real_features"), subset(fake, "fake_features")) for _ in range(num_subsets))
    return np.array([_squared_discrepancy(*pair) for pair in pairs])


def check_subsets(num_subsets: int, subset_size: int) -> None:
    """Raises InputError unless there is a subset of at least 2 rows."""
    if num_subsets < 1 or subset_size < 2:
        raise InputError(f"expected at least 1 subset of at least 2 rows. Received: {num_subsets} of {subset_size}")


def _squared_discrepancy(real: Array, fake: Array) -> float:
    """Returns the unbiased estimate from rows (N, F) of each set."""
    real, fake = _as_factors(real), _as_factors(fake)
    within = _mean_of_others(real) + _mean_of_others(fake)
    return float(within - 2.0 * _sum_of_cubes(real, fake) / (len(real) * len(fake)))


def _as_factors(rows: Array) -> Array:
    """Returns rows (N, F + 1) whose inner products are `x.y / F + 1`: one product then makes all of it."""
    return np.concatenate([rows / np.sqrt(rows.shape[1]), np.ones((len(rows), 1))], axis=1)


def _mean_of_others(rows: Array) -> float:
    """Returns the mean kernel of pairs of different rows."""
    own = np.einsum("nf,nf->n", rows, rows)
    return (_sum_of_cubes(rows, rows) - np.sum(own**3)) / (len(rows) * (len(rows) - 1))


def _sum_of_cubes(left: Array, right: Array) -> float:
    inner = left @ right.T
    return float(np.vdot(inner * inner, inner))
