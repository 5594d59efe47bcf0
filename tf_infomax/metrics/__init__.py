"""Metrics of generated images and points: distances between samples, Inception score, mode coverage."""

from tf_infomax.metrics.choice import DEFAULT_FEATURES, FITTING_DATASETS, default_features, suite_for
from tf_infomax.metrics.features import (
    FEATURE_EXTRACTORS,
    INCEPTION_HANDLE,
    RESIZES,
    DigitFeatures,
    ExtractedFeatures,
    FeatureExtractor,
    InceptionFeatures,
    KerasFeatures,
    NetworkFeatures,
    Resizing,
    feature_extractor,
)
from tf_infomax.metrics.frechet import frechet_distance
from tf_infomax.metrics.image_metrics import IMAGE_METRICS, PROBABILITY_METRICS, ImagePair
from tf_infomax.metrics.image_suite import ImageSuite, evaluate_images
from tf_infomax.metrics.inception_score import inception_score
from tf_infomax.metrics.kernel import KernelDistance, kernel_distance
from tf_infomax.metrics.metric import Measurement, Metric, headings
from tf_infomax.metrics.modes import (
    MixtureCoverage,
    ModeStatistics,
    class_kl_divergence,
    grid_kl_divergence,
    mixture_coverage,
    mode_statistics,
)
from tf_infomax.metrics.neighbours import nearest_neighbours, typical_distance
from tf_infomax.metrics.point_metrics import POINT_METRICS, PointPair, evaluate_points
from tf_infomax.metrics.point_suite import PointSuite
from tf_infomax.metrics.suite import Suite
from tf_infomax.metrics.two_sample import (
    NearestNeighbourAccuracies,
    SamplePair,
    maximum_mean_discrepancy,
    nearest_neighbour_accuracies,
    wasserstein_distance,
)
from tf_infomax.metrics.two_sample_metrics import TWO_SAMPLE_METRICS, evaluate_features

__all__ = [
    "DEFAULT_FEATURES",
    "FEATURE_EXTRACTORS",
    "FITTING_DATASETS",
    "IMAGE_METRICS",
    "INCEPTION_HANDLE",
    "POINT_METRICS",
    "PROBABILITY_METRICS",
    "RESIZES",
    "TWO_SAMPLE_METRICS",
    "DigitFeatures",
    "ExtractedFeatures",
    "FeatureExtractor",
    "ImagePair",
    "ImageSuite",
    "InceptionFeatures",
    "KerasFeatures",
    "KernelDistance",
    "Measurement",
    "Metric",
    "MixtureCoverage",
    "ModeStatistics",
    "NearestNeighbourAccuracies",
    "NetworkFeatures",
    "PointPair",
    "PointSuite",
    "Resizing",
    "SamplePair",
    "Suite",
    "class_kl_divergence",
    "default_features",
    "evaluate_features",
    "evaluate_images",
    "evaluate_points",
    "feature_extractor",
    "frechet_distance",
    "grid_kl_divergence",
    "headings",
    "inception_score",
    "kernel_distance",
    "maximum_mean_discrepancy",
    "mixture_coverage",
    "mode_statistics",
    "nearest_neighbour_accuracies",
    "nearest_neighbours",
    "suite_for",
    "typical_distance",
    "wasserstein_distance",
]
