"""All metrics of generated points, or of the features of generated images, against real ones."""

import dataclasses
from types import MappingProxyType

from tf_infomax.metrics.modes import grid_kl_divergence, mixture_coverage
from tf_infomax.metrics.two_sample import SamplePair
from tf_infomax.types import Array, Tensor

DEFINITIONS = MappingProxyType(
    {
        "modes": "components of the mixture with at least one generated point within 3 standard deviations",
        "hq": "share of generated points within 3 standard deviations of their nearest component, in percent",
        "kl": "KL(p_real || p_fake) in nats of histograms with square bins of side one standard deviation",
        "wd": "Wasserstein-1 distance: exact optimal transport under the Euclidean distance",
        "mmd": "maximum mean discrepancy, Gaussian kernel, variance the mean squared distance between real points",
        "ta": "leave-one-out accuracy of the nearest neighbour on real and generated points, in percent",
        "ra": "that accuracy on the real points, in percent",
        "ga": "that accuracy on the generated points, in percent",
        "pr": "precision of the nearest neighbour, real points positive, in percent",
        "re": "recall of the nearest neighbour, real points positive, in percent",
    }
)
"""What each metric is, by the name it has in the results, in their order."""


def evaluate_points(real: Array | Tensor, fake: Array | Tensor, *, means: Array, std: float) -> dict[str, float]:
    """Computes every metric of generated points in the plane, whose data is a mixture of isotropic Gaussians.

    Args:
        real: (N, 2) floating point, N at least 2.
        fake: (M, 2) floating point, M at least 2.
        means: (K, 2): the centres of the mixture's components.
        std: Standard deviation of each component, in the unit of the points.

    Returns:
        A value for each name of `DEFINITIONS`, in that order.

    Raises:
        InputError: A set is not a finite matrix of 2 columns and at least 2 rows, `means` does not fit it, `std` is not
            positive, or all real points coincide.

    Source:
        GAN+VER, Section IV-B and Tables I and II.
    """
    pair = SamplePair(real, fake)
    coverage = mixture_coverage(pair.fake, means, std)
    return {
        "modes": float(coverage.count),
        "hq": 100.0 * coverage.high_quality,
        "kl": grid_kl_divergence(pair.real, pair.fake, bin_size=std),
        **_two_sample_metrics(pair),
    }


def evaluate_features(real_features: Array | Tensor, fake_features: Array | Tensor) -> dict[str, float]:
    """Computes the two-sample metrics of features of real and generated images.

    Args:
        real_features: (N, F) floating point, N at least 2.
        fake_features: (M, F) floating point, M at least 2.

    Returns:
        A value for each name of `DEFINITIONS` from `wd` on, in that order.

    Raises:
        InputError: A set is not a finite matrix of at least 2 rows, the two differ in F, or all real features coincide.

    Source:
        Xu et al. 2018; GAN+VER, Table III.
    """
    return _two_sample_metrics(SamplePair(real_features, fake_features))


def _two_sample_metrics(pair: SamplePair) -> dict[str, float]:
    accuracies = dataclasses.astuple(pair.nearest_neighbour_accuracies())
    return {
        "wd": pair.wasserstein_distance(),
        "mmd": pair.maximum_mean_discrepancy(),
        **{name: 100.0 * value for name, value in zip(("ta", "ra", "ga", "pr", "re"), accuracies)},
    }
