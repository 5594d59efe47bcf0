"""The Gaussian copula: the dependence between numbers that their correlations explain."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import ndtri

from tf_infomax.types import Array

_SHRINKAGES = (1e-6, 1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1.0)
"""The least keeps the matrix regular where components repeat each other."""


@dataclass(frozen=True)
class GaussianCopula:
    """Components that are Gaussian when each is put on a normal scale, with correlations R.

    Attributes:
        sorted_codes: The training codes (N, Y), each component in order.
        factor: Cholesky's factor of R (Y, Y).
    """

    sorted_codes: Array
    factor: Array

    @classmethod
    def fitted(cls, codes: Array, held_out: Array, *, rng: np.random.Generator) -> "GaussianCopula":
        """Estimates R, shrunk towards independence by as much as explains held-out codes best.

        Args:
            codes: (N, Y).
            held_out: (M, Y), which only choose among eight shrinkages.
            rng: Draws the order of equal values.
        """
        independent = cls(np.sort(codes, axis=0), np.eye(codes.shape[1]))
        scores, others = independent.normal_scores(codes, rng), independent.normal_scores(held_out, rng)
        correlations = np.atleast_2d(np.corrcoef(scores, rowvar=False))
        shrunk = ((1 - part) * correlations + part * np.eye(len(correlations)) for part in _SHRINKAGES)
        copulas = [cls(independent.sorted_codes, np.linalg.cholesky(matrix)) for matrix in shrunk]
        return max(copulas, key=lambda copula: float(np.mean(copula.log_ratio(others))))

    def normal_scores(self, codes: Array, rng: np.random.Generator) -> Array:
        """Puts each component on a normal scale by its rank among the training codes; equal values are drawn apart.

        This changes no dependence: each component is mapped by itself, and so are draws.

        Args:
            codes: (M, Y).
            rng: Draws the order of equal values.
        """
        columns = []
        for known, values in zip(self.sorted_codes.T, codes.T, strict=True):
            low, high = (np.searchsorted(known, values, side=side) for side in ("left", "right"))
            places = np.where(high - low > 1, rng.uniform(size=len(values)), 0.5)
            columns.append(ndtri((low + places * (high - low) + 0.5) / (len(known) + 1)))
        return np.stack(columns, axis=1)

    def whitened(self, scores: Array) -> Array:
        """Returns normal scores (M, Y) in coordinates in which the copula is a standard normal distribution."""
        return solve_triangular(self.factor, scores.T, lower=True).T

    def log_ratio(self, scores: Array) -> Array:
        """Returns the log of the copula's density over that of independent components (M,), at normal scores."""
        squares = np.sum(np.square(scores), axis=1) - np.sum(np.square(self.whitened(scores)), axis=1)
        return 0.5 * squares - np.sum(np.log(np.diag(self.factor)))

    def sample(self, num_rows: int, rng: np.random.Generator) -> Array:
        """Draws normal scores (num_rows, Y)."""
        return rng.normal(size=(num_rows, len(self.factor))) @ self.factor.T
