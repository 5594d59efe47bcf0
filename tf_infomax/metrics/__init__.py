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
from tf_infomax.metrics.image_metrics import IMAGE_METRICS, PROBABILITY_METRICS, inception_splits, kernel_subsets
from tf_infomax.metrics.image_pair import ImagePair
from tf_infomax.metrics.image_suite import ImageSuite, evaluate_images
from tf_infomax.metrics.inception_score import inception_score, split_inception_scores
from tf_infomax.metrics.kernel import KernelDistance, kernel_distance
from tf_infomax.metrics.manifold import ManifoldOverlap, manifold_overlap
from tf_infomax.metrics.metric import Measurement, Metric, StdKind, choose, headings
from tf_infomax.metrics.modes import (
    MixtureCoverage,
    ModeStatistics,
    class_kl_divergence,
    grid_kl_divergence,
    mixture_coverage,
    mode_statistics,
)
from tf_infomax.metrics.moments import Moments, frechet_distance_of_moments, moments_of
from tf_infomax.metrics.neighbours import nearest_neighbours, typical_distance
from tf_infomax.metrics.point_metrics import POINT_METRICS, PointPair, evaluate_points
from tf_infomax.metrics.point_suite import PointSuite
from tf_infomax.metrics.sample_size import expected_modes
from tf_infomax.metrics.stored_rows import StoredRows
from tf_infomax.metrics.subset_kernel import subset_kernel_distances
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
    "ManifoldOverlap",
    "Measurement",
    "Metric",
    "MixtureCoverage",
    "ModeStatistics",
    "Moments",
    "NearestNeighbourAccuracies",
    "NetworkFeatures",
    "PointPair",
    "PointSuite",
    "Resizing",
    "SamplePair",
    "StdKind",
    "StoredRows",
    "Suite",
    "choose",
    "class_kl_divergence",
    "default_features",
    "evaluate_features",
    "evaluate_images",
    "evaluate_points",
    "expected_modes",
    "feature_extractor",
    "frechet_distance",
    "frechet_distance_of_moments",
    "grid_kl_divergence",
    "headings",
    "inception_score",
    "inception_splits",
    "kernel_distance",
    "kernel_subsets",
    "manifold_overlap",
    "maximum_mean_discrepancy",
    "mixture_coverage",
    "mode_statistics",
    "moments_of",
    "nearest_neighbour_accuracies",
    "nearest_neighbours",
    "split_inception_scores",
    "subset_kernel_distances",
    "suite_for",
    "typical_distance",
    "wasserstein_distance",
]
