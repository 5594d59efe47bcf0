"""Two-sample metrics of any two sets of vectors."""

from collections.abc import Callable

from tf_infomax.metrics.metric import Metric
from tf_infomax.metrics.two_sample import NearestNeighbourAccuracies, SamplePair
from tf_infomax.types import Array, Tensor


def _accuracy(title: str, definition: str, share: Callable[[NearestNeighbourAccuracies], float]) -> Metric[SamplePair]:
    return Metric(
        title=title,
        unit="%",
        definition=definition,
        better="nearer 50",
        measure=lambda pair: 100.0 * share(pair.nearest_neighbour_accuracies()),
    )


TWO_SAMPLE_METRICS: dict[str, Metric[SamplePair]] = {
    "wd": Metric(
        title="Wasserstein distance",
        definition="Wasserstein-1 distance: exact optimal transport under the Euclidean distance",
        better="lower",
        measure=SamplePair.wasserstein_distance,
    ),
    "mmd": Metric(
        title="MMD",
        definition=(
            "maximum mean discrepancy, Gaussian kernel, variance the mean squared distance between real points"
        ),
        better="lower",
        measure=SamplePair.maximum_mean_discrepancy,
    ),
    "ta": _accuracy(
        "1-NN accuracy",
        "leave-one-out accuracy of the nearest neighbour on real and generated points, in percent",
        lambda accuracies: accuracies.total,
    ),
    "ra": _accuracy(
        "1-NN accuracy, real", "that accuracy on the real points, in percent", lambda accuracies: accuracies.real
    ),
    "ga": _accuracy(
        "1-NN accuracy, generated",
        "that accuracy on the generated points, in percent",
        lambda accuracies: accuracies.generated,
    ),
    "pr": _accuracy(
        "1-NN precision",
        "precision of the nearest neighbour, real points positive, in percent",
        lambda accuracies: accuracies.precision,
    ),
    "re": _accuracy(
        "1-NN recall",
        "recall of the nearest neighbour, real points positive, in percent",
        lambda accuracies: accuracies.recall,
    ),
}
"""Rows by their names in results, for points and for class probabilities of images."""


def evaluate_features(real_features: Array | Tensor, fake_features: Array | Tensor) -> dict[str, float]:
    """Computes the two-sample metrics of features of real and generated images.

    Args:
        real_features: (N, F) floating point, N at least 2.
        fake_features: (M, F) floating point, M at least 2.

    Returns:
        A value for each row of `TWO_SAMPLE_METRICS`, in that order.

    Raises:
        InputError: A set is not a finite matrix of at least 2 rows, the two differ in F, or all real features coincide.

    Source:
        Xu et al. 2018; GAN + VER, Table III.
    """
    pair = SamplePair(real_features, fake_features)
    return {name: float(metric.measure(pair)) for name, metric in TWO_SAMPLE_METRICS.items()}
