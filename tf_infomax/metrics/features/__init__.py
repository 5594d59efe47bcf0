"""Feature extractors for distances between sets of images."""

from tf_infomax.metrics.features.applications import KerasFeatures
from tf_infomax.metrics.features.digits import DigitFeatures
from tf_infomax.metrics.features.extractor import ExtractedFeatures, FeatureExtractor
from tf_infomax.metrics.features.inception import INCEPTION_HANDLE, InceptionFeatures
from tf_infomax.metrics.features.own_network import NetworkFeatures
from tf_infomax.metrics.features.resizing import RESIZES, Resizing
from tf_infomax.metrics.features.table import FEATURE_EXTRACTORS, choices, feature_extractor

__all__ = [
    "FEATURE_EXTRACTORS",
    "INCEPTION_HANDLE",
    "RESIZES",
    "DigitFeatures",
    "ExtractedFeatures",
    "FeatureExtractor",
    "InceptionFeatures",
    "KerasFeatures",
    "NetworkFeatures",
    "Resizing",
    "choices",
    "feature_extractor",
]
