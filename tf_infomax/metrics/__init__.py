"""Metrics of generated images and points: distances between samples, Inception score, mode coverage."""

from tf_infomax.metrics.evaluation import METRIC_DEFINITIONS, Measurement, evaluate_images
from tf_infomax.metrics.features import (
    FEATURE_EXTRACTORS,
    INCEPTION_HANDLE,
    DigitFeatures,
    ExtractedFeatures,
    FeatureExtractor,
    InceptionFeatures,
    default_features,
    feature_extractor,
)
from tf_infomax.metrics.frechet import frechet_distance
from tf_infomax.metrics.inception_score import inception_score
from tf_infomax.metrics.kernel import KernelDistance, kernel_distance
from tf_infomax.metrics.modes import (
    MixtureCoverage,
    ModeStatistics,
    class_kl_divergence,
    grid_kl_divergence,
    mixture_coverage,
    mode_statistics,
)
from tf_infomax.metrics.point_evaluation import DEFINITIONS as POINT_METRIC_DEFINITIONS
from tf_infomax.metrics.point_evaluation import evaluate_features, evaluate_points
from tf_infomax.metrics.two_sample import (
    NearestNeighbourAccuracies,
    SamplePair,
    maximum_mean_discrepancy,
    nearest_neighbour_accuracies,
    wasserstein_distance,
)

__all__ = [
    "FEATURE_EXTRACTORS",
    "INCEPTION_HANDLE",
    "METRIC_DEFINITIONS",
    "POINT_METRIC_DEFINITIONS",
    "DigitFeatures",
    "ExtractedFeatures",
    "FeatureExtractor",
    "InceptionFeatures",
    "KernelDistance",
    "Measurement",
    "MixtureCoverage",
    "ModeStatistics",
    "NearestNeighbourAccuracies",
    "SamplePair",
    "class_kl_divergence",
    "default_features",
    "evaluate_features",
    "evaluate_images",
    "evaluate_points",
    "feature_extractor",
    "frechet_distance",
    "grid_kl_divergence",
    "inception_score",
    "kernel_distance",
    "maximum_mean_discrepancy",
    "mixture_coverage",
    "mode_statistics",
    "nearest_neighbour_accuracies",
    "wasserstein_distance",
]
