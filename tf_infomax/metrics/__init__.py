"""Metrics of generated images: Frechet and kernel distance, Inception score, mode coverage."""

from tf_infomax.metrics.evaluation import METRIC_DEFINITIONS, Measurement, evaluate_images
from tf_infomax.metrics.features import (
    FEATURE_EXTRACTORS,
    INCEPTION_HANDLE,
    DigitFeatures,
    ExtractedFeatures,
    FeatureExtractor,
    InceptionFeatures,
    feature_extractor,
)
from tf_infomax.metrics.frechet import frechet_distance
from tf_infomax.metrics.inception_score import inception_score
from tf_infomax.metrics.kernel import KernelDistance, kernel_distance
from tf_infomax.metrics.modes import ModeStatistics, mode_statistics

__all__ = [
    "FEATURE_EXTRACTORS",
    "INCEPTION_HANDLE",
    "METRIC_DEFINITIONS",
    "DigitFeatures",
    "ExtractedFeatures",
    "FeatureExtractor",
    "InceptionFeatures",
    "KernelDistance",
    "Measurement",
    "ModeStatistics",
    "evaluate_images",
    "feature_extractor",
    "frechet_distance",
    "inception_score",
    "kernel_distance",
    "mode_statistics",
]
