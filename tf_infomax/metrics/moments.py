"""Mean and covariance of features, and the Frechet distance between two of them."""

import dataclasses
import math

import numpy as np
from scipy.linalg import lapack

from tf_infomax.metrics.rows import Rows, as_rows, read_blocks
from tf_infomax.metrics.validation import check_same_width
from tf_infomax.types import Array, Tensor


@dataclasses.dataclass(frozen=True, eq=False)
class Moments:
    """First and second moments of N features.

    Attributes:
        count: N, at least 2.
        mean: (F,) float64.
        covariance: (F, F) float64, unbiased: the scatter over N - 1.
    """

    count: int
    mean: Array
    covariance: Array


def moments_of(features: Rows | Tensor, *, name: str = "features") -> Moments:
    """Returns the moments of features, in float64, with a block of rows in memory at a time.

    Each block is centred on its own mean and merged with those before: sums of raw squares would lose the covariance
    where the means are large.

    Args:
        features: (N, F) floating point, N at least 2; in memory or `StoredRows`.
        name: Name of the argument in messages.

    Raises:
        InputError: `features` is not a finite matrix of at least 2 rows.

    Source:
        Chan, Golub and LeVeque 1979 (Updating formulae and a pairwise algorithm for computing sample variances).
    """
    rows = as_rows(features, name=name)
    width = rows.shape[1]
    count, mean, scatter = 0, np.zeros(width), np.zeros((width, width))
    for block in read_blocks(rows, name=name):
        total = count + len(block)
        own_mean = block.mean(axis=0)
        # The last row adds what the two means differ by: a single product then has both terms of the formula.
        between = math.sqrt(count * len(block) / total) * (own_mean - mean)
        deviations = np.vstack([block - own_mean, between])  # (B + 1, F)
        scatter += deviations.T @ deviations
        mean += (own_mean - mean) * (len(block) / total)
        count = total
    return Moments(count, mean, scatter / (count - 1))


def frechet_distance_of_moments(real: Moments, fake: Moments) -> float:
    """Squared Frechet distance between Gaussians with these moments.

    `|m - m'|^2 + tr(S + S' - 2 (S S')^(1/2))`. With `S = A A^T` the products `S S'` and `A^T S' A` have the same
    eigenvalues but for zeros; the sum of their roots is the root's trace. The root itself is not computed, and no small
    eigenvalue is cut off, as it is by TF-GAN.

    Args:
        real: Moments m, S of real features.
        fake: Moments m', S' of fake features.

    Returns:
        The distance, in squared feature units; rounding can leave a value just below zero for equal moments.

    Raises:
        InputError: The two differ in F.

    Source:
        Heusel et al. 2017 (TTUR), Eq. 6.
    """
    check_same_width(real.covariance, fake.covariance)
    # Of fewer images than features the covariance has a null space, where rounding would grow under the root.
    fewer, more = sorted((real, fake), key=lambda moments: moments.count)
    factor = _factor(fewer.covariance)
    eigenvalues = np.linalg.eigvalsh(factor.T @ more.covariance @ factor)
    trace_of_root = np.sqrt(np.maximum(eigenvalues, 0.0)).sum()
    between_means = np.sum((real.mean - fake.mean) ** 2)
    return float(between_means + np.trace(real.covariance) + np.trace(fake.covariance) - 2.0 * trace_of_root)


def _factor(covariance: Array) -> Array:
    """Returns A (F, R) with `A A^T` the covariance, R its rank up to rounding."""
    # Cholesky's factor with pivoting: it keeps small eigenvalues that a decomposition into eigenvectors rounds away.
    lower, pivots, rank, _ = lapack.dpstrf(covariance, lower=1)
    factor = np.empty((len(covariance), rank))
    factor[pivots - 1] = np.tril(lower)[:, :rank]
    return factor
