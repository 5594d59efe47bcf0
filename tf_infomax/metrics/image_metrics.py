"""Metrics of images: rows computed on the features of real and generated images."""

import dataclasses
import functools
import math
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.features import ExtractedFeatures
from tf_infomax.metrics.frechet import frechet_distance
from tf_infomax.metrics.inception_score import inception_score
from tf_infomax.metrics.kernel import kernel_distance
from tf_infomax.metrics.metric import Measurement, Metric
from tf_infomax.metrics.modes import ModeStatistics, class_kl_divergence, mode_statistics
from tf_infomax.metrics.two_sample import SamplePair
from tf_infomax.metrics.two_sample_metrics import TWO_SAMPLE_METRICS
from tf_infomax.types import Array


class ImagePair:
    """Features of real and generated images, with the quantities that metrics share, each computed once.

    Args:
        real: Features of N images, N at least 2.
        fake: Features of M images, M at least 2.
        seed: Shuffles the images for metrics that need them in random order.

    Raises:
        InputError: There are fewer than 2 images of a kind.
    """

    def __init__(self, real: ExtractedFeatures, fake: ExtractedFeatures, *, seed: int = 0) -> None:
        if min(len(real.activations), len(fake.activations)) < 2:
            raise InputError(
                "expected at least 2 real and 2 generated images. "
                f"Received: {len(real.activations)} real and {len(fake.activations)} generated"
            )
        self.real = real
        self.fake = fake
        self.seed = seed

    @property
    def num_classes(self) -> int:
        """Number of classes (K) of the network behind the features."""
        return self.fake.logits.shape[1]

    @functools.cached_property
    def coverage(self) -> ModeStatistics:
        """Coverage of the classes by the generated images."""
        return mode_statistics(self.fake.modes, self.num_classes)

    @functools.cached_property
    def probabilities(self) -> SamplePair:
        """Class probabilities of real (N, K) and generated images (M, K)."""
        return SamplePair(*(tf.nn.softmax(features.logits).numpy() for features in (self.real, self.fake)))


def _kernel_distance(pair: ImagePair) -> Measurement:
    real, fake = _shuffled(pair.real.activations, pair.seed), _shuffled(pair.fake.activations, pair.seed + 1)
    distance = kernel_distance(real, fake)
    return Measurement(distance.value, std=None if math.isnan(distance.standard_error) else distance.standard_error)


def _shuffled(rows: Array, seed: int) -> Array:
    return rows[np.random.default_rng(seed).permutation(len(rows))]


_INCEPTION_SCORE: Metric[ImagePair] = Metric(
    title="IS",
    definition="Inception score of the logits, TF-GAN, no splits",
    better="higher",
    measure=lambda pair: inception_score(pair.fake.logits),
    watched=False,
)
_MODES: Metric[ImagePair] = Metric(
    title="modes",
    definition="classes named for at least one generated image",
    better="higher",
    measure=lambda pair: float(pair.coverage.count),
    needs_modes=True,
)

IMAGE_METRICS: dict[str, Metric[ImagePair]] = {
    "fid": Metric(
        title="FID",
        definition="Frechet distance of the activations, TF-GAN",
        better="lower",
        measure=lambda pair: frechet_distance(pair.real.activations, pair.fake.activations),
    ),
    "kid": Metric(
        title="KID",
        definition="TF-GAN block estimator on the activations, blocks of at most 1,024",
        better="lower",
        measure=_kernel_distance,
        watched=False,
    ),
    "is": _INCEPTION_SCORE,
    "modes": _MODES,
    "modes_kl": Metric(
        title="KL to uniform",
        unit="nats",
        definition="KL(p || uniform over the classes) in nats, p the share of generated images in each class",
        better="lower",
        measure=lambda pair: pair.coverage.kl_to_uniform,
        needs_modes=True,
    ),
}
"""Metrics of images by their names in results; you may add rows."""


def _of_probabilities(metric: Metric[SamplePair]) -> Metric[ImagePair]:
    """Returns a two-sample metric on the class probabilities of images."""

    def measure(pair: ImagePair) -> float | Measurement:
        return metric.measure(pair.probabilities)

    row: Any = metric  # `replace` keeps the type of the pair, which differs here.
    return dataclasses.replace(row, measure=measure)


PROBABILITY_METRICS: dict[str, Metric[ImagePair]] = {
    "is": _INCEPTION_SCORE,
    "fid": Metric(
        title="FID",
        definition="Frechet distance of the class probabilities, TF-GAN",
        better="lower",
        measure=lambda pair: frechet_distance(pair.probabilities.real, pair.probabilities.fake),
    ),
    "modes": _MODES,
    "kl": Metric(
        title="KL divergence",
        unit="nats",
        definition="KL(p_real || p_fake) in nats of the shares of images in each class",
        better="lower",
        measure=lambda pair: class_kl_divergence(pair.real.modes, pair.fake.modes, pair.num_classes),
        needs_modes=True,
    ),
    **{name: _of_probabilities(metric) for name, metric in TWO_SAMPLE_METRICS.items()},
}
"""The metrics of images in the space of class probabilities.

Source: GAN + VER, Table III.
"""
