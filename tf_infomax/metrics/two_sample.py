"""Two-sample metrics of points or features: optimal transport, kernel discrepancy and nearest-neighbour test."""

import dataclasses
import functools
import math

import numpy as np
from scipy.spatial.distance import cdist

from tf_infomax.errors import InputError
from tf_infomax.metrics.validation import as_float64, check_same_width
from tf_infomax.types import Array, Tensor

# Pivots of the network simplex: 2,500 points against 2,500 take about a million, so only a defect gets here.
_MAX_ITERATIONS = 10**9


@dataclasses.dataclass(frozen=True)
class NearestNeighbourAccuracies:
    """Accuracies of the nearest neighbour at telling real from generated; near 0.5 when it cannot.

    Attributes:
        total: Share of points whose nearest neighbour is of their own kind, in [0, 1] like the others.
        real: That share among real points.
        generated: That share among generated points.
        precision: Share of real points among those predicted real; 0 if none is.
        recall: Share of the real points predicted real, equal to `real`.
    """

    total: float
    real: float
    generated: float
    precision: float
    recall: float


class SamplePair:
    """Real and generated points with the squared distances that the metrics share, each matrix computed once.

    Args:
        real: (N, F) floating point, N at least 2.
        fake: (M, F) floating point, M at least 2.

    Raises:
        InputError: A set is not a finite matrix of at least 2 rows, or the two differ in F.
    """

    def __init__(self, real: Array | Tensor, fake: Array | Tensor) -> None:
        self.real: Array = as_float64(real, name="real").numpy()
        self.fake: Array = as_float64(fake, name="fake").numpy()
        check_same_width(self.real, self.fake)

    @functools.cached_property
    def among_real(self) -> Array:
        """(N, N) float64: squared Euclidean distances between real points."""
        return _squared_distances(self.real, self.real)

    @functools.cached_property
    def among_fake(self) -> Array:
        """(M, M) float64: squared Euclidean distances between generated points."""
        return _squared_distances(self.fake, self.fake)

    @functools.cached_property
    def across(self) -> Array:
        """(N, M) float64: squared Euclidean distances from real to generated points."""
        return _squared_distances(self.real, self.fake)

    def wasserstein_distance(self) -> float:
        """The function `wasserstein_distance` of these points."""
        return _transport_cost(np.sqrt(self.across))

    def maximum_mean_discrepancy(self) -> float:
        """The function `maximum_mean_discrepancy` of these points."""
        scale = 2.0 * self.among_real.mean()
        if scale == 0.0:
            raise InputError(
                "`real`: expected points that differ, whose distances scale the kernel. "
                f"Received: {len(self.real)} equal points"
            )
        real, fake, cross = (np.exp(-d / scale).mean() for d in (self.among_real, self.among_fake, self.across))
        return math.sqrt(max(real + fake - 2.0 * cross, 0.0))

    def nearest_neighbour_accuracies(self) -> NearestNeighbourAccuracies:
        """The function `nearest_neighbour_accuracies` of these points."""
        return self._accuracies

    @functools.cached_property
    def _accuracies(self) -> NearestNeighbourAccuracies:
        true_real = int(np.count_nonzero(_to_nearest_other(self.among_real) <= self.across.min(axis=1)))
        false_real = int(np.count_nonzero(self.across.min(axis=0) <= _to_nearest_other(self.among_fake)))
        num_real, num_fake = self.across.shape
        predicted_real = true_real + false_real
        return NearestNeighbourAccuracies(
            total=(true_real + num_fake - false_real) / (num_real + num_fake),
            real=true_real / num_real,
            generated=(num_fake - false_real) / num_fake,
            precision=true_real / predicted_real if predicted_real else 0.0,
            recall=true_real / num_real,
        )


def wasserstein_distance(real: Array | Tensor, fake: Array | Tensor) -> float:
    """Wasserstein-1 distance between two sets of points of equal weight: the exact cost of optimal transport.

    `min_T sum_ij T_ij |x_i - y_j|` over the plans T with rows that sum to 1 / N and columns that sum to 1 / M.

    Args:
        real: x, (N, F) floating point.
        fake: y, (M, F) floating point.

    Returns:
        The distance, in the unit of the points.

    Raises:
        InputError: A set is not a finite matrix of at least 2 rows, or the two differ in F.
        RuntimeError: The solver stopped before the optimum.

    Source:
        Xu et al. 2018 (An empirical study on evaluation metrics of GANs), Section 2; computed by POT's network simplex.
    """
    return SamplePair(real, fake).wasserstein_distance()


def maximum_mean_discrepancy(real: Array | Tensor, fake: Array | Tensor) -> float:
    """Maximum mean discrepancy under a Gaussian kernel as wide as the spread of the real points.

    `sqrt(mean K_rr + mean K_ff - 2 mean K_rf)`, `K = exp(-D / (2 mean(D_rr)))`, D squared Euclidean distances between
    real (r) and generated (f) points. The means include the diagonals, so the estimate is biased upwards, above 0 for
    two samples of one distribution.

    Args:
        real: (N, F) floating point.
        fake: (M, F) floating point.

    Returns:
        The discrepancy, in [0, sqrt(2)]; 0 where rounding leaves the square just below.

    Raises:
        InputError: A set is not a finite matrix of at least 2 rows, the two differ in F, or all real points coincide.

    Source:
        Xu et al. 2018, Section 2, with the kernel width of the authors' code.
    """
    return SamplePair(real, fake).maximum_mean_discrepancy()


def nearest_neighbour_accuracies(real: Array | Tensor, fake: Array | Tensor) -> NearestNeighbourAccuracies:
    """Leave-one-out accuracy of the nearest neighbour at telling real (positive) from generated points.

    Each point of the pooled set takes the kind of the nearest other point. Ties go to the first in [real; fake]: a real
    and a generated neighbour at equal distance predict real.

    Args:
        real: (N, F) floating point.
        fake: (M, F) floating point.

    Returns:
        Accuracies, precision and recall as fractions: about 0.5 for N = M samples of one distribution, above for a
        generator that misses the data, below for one that repeats it.

    Raises:
        InputError: A set is not a finite matrix of at least 2 rows, or the two differ in F.

    Source:
        Lopez-Paz and Oquab 2017 (Revisiting classifier two-sample tests); Xu et al. 2018, Section 2.
    """
    return SamplePair(real, fake).nearest_neighbour_accuracies()


def _squared_distances(left: Array, right: Array) -> Array:
    # From differences: |a|^2 + |b|^2 - 2ab cancels among near points and would change the nearest one.
    return cdist(left, right, "sqeuclidean")


def _to_nearest_other(distances: Array) -> Array:
    others = distances.copy()
    np.fill_diagonal(others, np.inf)
    return others.min(axis=1)


def _transport_cost(costs: Array) -> float:
    """Cost of the optimal plan between uniform weights on the rows and on the columns of `costs` (N, M)."""
    import ot  # Not at the top: POT loads every array library that it finds, which takes seconds.

    largest = costs.max()
    if largest == 0.0:
        return 0.0
    # The solver's tolerance is absolute: costs far below 1 would pass for equal.
    cost, log = ot.emd2([], [], costs / largest, numItermax=_MAX_ITERATIONS, log=True)
    if log["warning"] is not None:
        raise RuntimeError(
            f"expected optimal transport between {costs.shape} points to end. Received: {log['warning']}"
        )
    return float(cost * largest)
