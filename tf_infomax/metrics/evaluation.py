"""All metrics of a set of generated images against a set of real ones, under the names that metrics.json uses."""

import dataclasses
import math
from types import MappingProxyType

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.metrics.features import ExtractedFeatures, FeatureExtractor
from tf_infomax.metrics.frechet import frechet_distance
from tf_infomax.metrics.inception_score import inception_score
from tf_infomax.metrics.kernel import kernel_distance
from tf_infomax.metrics.modes import mode_statistics

METRIC_DEFINITIONS = MappingProxyType(
    {
        "fid": "Frechet distance of the activations, TF-GAN",
        "kid": "TF-GAN block estimator on the activations, blocks of at most 1,024",
        "is": "Inception score of the logits, TF-GAN, no splits",
        "modes": "classes named for at least one generated image",
        "modes_kl": "KL(p || uniform over the classes) in nats, p the share of generated images in each class",
    }
)
"""What each metric is, by its name in metrics.json; the features are named beside it."""


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One metric of one set of images; `float(measurement)` is its value.

    Attributes:
        value: The metric.
        definition: One sentence: the estimator and the features.
        std: The standard error of `value` where the metric has one.
    """

    value: float
    definition: str
    std: float | None = None

    def __float__(self) -> float:
        return float(self.value)


def evaluate_images(
    real: ExtractedFeatures, fake: ExtractedFeatures, *, extractor: FeatureExtractor, seed: int = 0
) -> dict[str, Measurement]:
    """Computes every metric that applies to features of real and generated images.

    Args:
        real: `extractor(real_images)`, N images.
        fake: `extractor(fake_images)`, N' images.
        extractor: Where the features come from: names them, and says whether its classes are the modes of the data.
        seed: Shuffles both sets for the kernel distance, whose blocks must be in random order.

    Returns:
        `fid`, `kid` and `is` (lower, lower, higher is better), and for an extractor that counts modes `modes` and
        `modes_kl`.

    Raises:
        InputError: Fewer than 2 real or 2 generated images, features of different widths, values that are not finite,
        or too
            few images of one kind for the kernel distance's blocks.
    """
    if min(len(real.activations), len(fake.activations)) < 2:
        raise InputError(
            "expected at least 2 real and 2 generated images. "
            f"Received: {len(real.activations)} real and {len(fake.activations)} generated"
        )
    kid = kernel_distance(_shuffled(real.activations, seed), _shuffled(fake.activations, seed + 1))
    values = {
        "fid": frechet_distance(real.activations, fake.activations),
        "kid": kid.value,
        "is": inception_score(fake.logits),
    }
    if extractor.counts_modes:
        coverage = mode_statistics(fake.modes, fake.logits.shape[1])
        values |= {"modes": coverage.count, "modes_kl": coverage.kl_to_uniform}
    errors = {"kid": None if math.isnan(kid.standard_error) else kid.standard_error}
    return {
        name: Measurement(value, f"{METRIC_DEFINITIONS[name]}; features: {extractor.definition}", errors.get(name))
        for name, value in values.items()
    }


def _shuffled(rows: np.ndarray, seed: int) -> np.ndarray:
    return rows[np.random.default_rng(seed).permutation(len(rows))]
