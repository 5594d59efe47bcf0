"""Metrics of points: coverage of their mixture, and distances to real points."""

import functools

from tf_infomax.metrics.metric import Metric
from tf_infomax.metrics.modes import MixtureCoverage, grid_kl_divergence, mixture_coverage
from tf_infomax.metrics.two_sample import SamplePair
from tf_infomax.metrics.two_sample_metrics import TWO_SAMPLE_METRICS
from tf_infomax.types import Array, Tensor


class PointPair(SamplePair):
    """Real and generated points of a mixture of isotropic Gaussians.

    Args:
        real: (N, D) floating point, N at least 2.
        fake: (M, D) floating point, M at least 2.
        means: (K, D): the centres of the mixture's components.
        std: Standard deviation of each component, in the unit of the points.

    Raises:
        InputError: See `SamplePair`.
    """

    def __init__(self, real: Array | Tensor, fake: Array | Tensor, *, means: Array, std: float) -> None:
        super().__init__(real, fake)
        self.means = means
        self.std = std

    @functools.cached_property
    def coverage(self) -> MixtureCoverage:
        """Coverage of the mixture by the generated points."""
        return mixture_coverage(self.fake, self.means, self.std)


POINT_METRICS: dict[str, Metric[PointPair]] = {
    "modes": Metric(
        title="modes",
        definition="components of the mixture with at least one generated point within 3 standard deviations",
        better="higher",
        measure=lambda pair: float(pair.coverage.count),
        needs_modes=True,
    ),
    "hq": Metric(
        title="high-quality samples",
        unit="%",
        definition="share of generated points within 3 standard deviations of their nearest component, in percent",
        better="higher",
        measure=lambda pair: 100.0 * pair.coverage.high_quality,
        needs_modes=True,
    ),
    "kl": Metric(
        title="KL divergence",
        unit="nats",
        definition="KL(p_real || p_fake) in nats of histograms with square bins of side one standard deviation",
        better="lower",
        measure=lambda pair: grid_kl_divergence(pair.real, pair.fake, bin_size=pair.std),
        needs_modes=True,
    ),
    **TWO_SAMPLE_METRICS,
}
"""Metrics of points by their names in results; you may add rows."""


def evaluate_points(real: Array | Tensor, fake: Array | Tensor, *, means: Array, std: float) -> dict[str, float]:
    """Computes every metric of generated points in the plane, whose data is a mixture of isotropic Gaussians.

    Args:
        real: (N, 2) floating point, N at least 2.
        fake: (M, 2) floating point, M at least 2.
        means: (K, 2): the centres of the mixture's components.
        std: Standard deviation of each component, in the unit of the points.

    Returns:
        A value for each row of `POINT_METRICS`, in that order.

    Raises:
        InputError: A set is not a finite matrix of 2 columns and at least 2 rows, `means` does not fit it, `std` is not
            positive, or all real points coincide.

    Source:
        GAN + VER, Section IV-B and Tables I and II.
    """
    pair = PointPair(real, fake, means=means, std=std)
    return {name: float(metric.measure(pair)) for name, metric in POINT_METRICS.items()}
