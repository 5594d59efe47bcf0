"""The suite of images."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tf_infomax.metrics.feature_files import read_features, write_features
from tf_infomax.metrics.features import ExtractedFeatures, FeatureExtractor
from tf_infomax.metrics.image_metrics import IMAGE_METRICS, ImagePair
from tf_infomax.metrics.metric import Measurement, Metric
from tf_infomax.metrics.stored_rows import first_rows
from tf_infomax.metrics.suite import Suite
from tf_infomax.types import Array


@dataclass(frozen=True, kw_only=True)
class ImageSuite(Suite[ExtractedFeatures, ImagePair]):
    """All metrics of images (N, H, W, C) uint8.

    Attributes:
        extractor: Extractor of the features to compare.
    """

    extractor: FeatureExtractor
    metrics: Mapping[str, Metric[ImagePair]] = field(default_factory=lambda: dict(IMAGE_METRICS))
    default_size: ClassVar[int] = 10_000

    @property
    def feature_name(self) -> str:
        return self.extractor.name

    @property
    def has_modes(self) -> bool:
        return self.extractor.counts_modes

    @property
    def has_logits(self) -> bool:
        return self.extractor.has_logits

    def extract(self, samples: Array) -> ExtractedFeatures:
        return self.extractor(samples)

    def collect(self, chunks: Iterable[Array], folder: Path, *, num_samples: int) -> ExtractedFeatures:
        write_features(self.extractor, chunks, folder, num_images=num_samples)
        return read_features(folder)

    def first(self, features: ExtractedFeatures, num_samples: int) -> ExtractedFeatures:
        logits = None if features.logits is None else first_rows(features.logits, num_samples)
        return ExtractedFeatures(first_rows(features.activations, num_samples), logits)

    @property
    def feature_definition(self) -> str:
        return self.extractor.definition

    @property
    def provenance(self) -> dict[str, str | None]:
        return {
            "features": self.extractor.name,
            "features_sha256": self.extractor.sha256,
            "resize": self.extractor.resize,
        }

    def pair(self, real: ExtractedFeatures, fake: ExtractedFeatures, *, seed: int = 0) -> ImagePair:
        return ImagePair(real, fake, seed=seed)

    def define(self, metric: Metric[ImagePair]) -> str:
        return f"{metric.definition}; features: {self.extractor.definition}"


def evaluate_images(
    real: ExtractedFeatures, fake: ExtractedFeatures, *, extractor: FeatureExtractor, seed: int = 0
) -> dict[str, Measurement]:
    """Computes every metric that applies to features of real and generated images.

    Args:
        real: `extractor(real_images)`, N images.
        fake: `extractor(fake_images)`, N' images.
        extractor: Extractor of the features: their name, and whether its classes are the modes of the data.
        seed: Shuffles both sets for the kernel distance, whose blocks must be in random order.

    Returns:
        A measurement for each row of `IMAGE_METRICS`, in that order; rows that need modes only for an extractor that
        counts them.

    Raises:
        InputError: There are fewer than 6 images of a kind, which the rows of nearest neighbours need, features of
            different widths, values that are not finite, or too few images for the kernel distance's blocks.
    """
    return ImageSuite(extractor=extractor).compare(real, fake, seed=seed)
