"""Metrics of images: rows computed on the features of real and generated images."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.metrics.frechet import frechet_distance
from tf_infomax.metrics.image_pair import ImagePair
from tf_infomax.metrics.inception_score import inception_score, split_inception_scores
from tf_infomax.metrics.kernel import check_blocks, kernel_distance
from tf_infomax.metrics.manifold import NUM_NEIGHBOURS, ManifoldOverlap
from tf_infomax.metrics.metric import Measurement, Metric, StdKind
from tf_infomax.metrics.modes import class_kl_divergence
from tf_infomax.metrics.moments import frechet_distance_of_moments, moments_of
from tf_infomax.metrics.rows import ShuffledRows
from tf_infomax.metrics.sample_size import mode_notes, rank_notes
from tf_infomax.metrics.subset_kernel import check_subsets, subset_kernel_distances
from tf_infomax.metrics.two_sample import SamplePair
from tf_infomax.metrics.two_sample_metrics import TWO_SAMPLE_METRICS
from tf_infomax.types import Array

MAX_BYTES = 256 * 2**20
"""Size of a pair's activations, as float32, up to which TF-GAN's function, with its copies in float64, takes them."""


def _frechet_distance(pair: ImagePair) -> Measurement:
    real, fake = pair.real.activations, pair.fake.activations
    notes = rank_notes(len(real), len(fake), width=real.shape[1])
    if 4 * (len(real) + len(fake)) * real.shape[1] <= MAX_BYTES:
        return Measurement(frechet_distance(real, fake), notes=notes)
    distance = frechet_distance_of_moments(moments_of(real, name="real"), moments_of(fake, name="fake"))
    definition = "Frechet distance of the activations, TF-GAN's formula, moments streamed in float64"
    return Measurement(distance, definition, notes=notes)


def _num_modes(pair: ImagePair) -> Measurement:
    return Measurement(float(pair.coverage.count), notes=mode_notes(len(pair.fake.logits), pair.num_classes))


def _kernel_distance(pair: ImagePair) -> Measurement:
    real, fake = ShuffledRows(pair.real.activations, pair.seed), ShuffledRows(pair.fake.activations, pair.seed + 1)
    distance = kernel_distance(real, fake)
    if math.isnan(distance.standard_error):
        return Measurement(distance.value)
    return Measurement(distance.value, std=distance.standard_error, std_kind="standard error")


def _mean(values: Array, kind: StdKind, definition: str) -> Measurement:
    """Returns the mean of scores of parts (S,) with their population deviation, which a single one does not have."""
    if len(values) == 1:
        return Measurement(float(values.mean()), definition)
    return Measurement(float(values.mean()), definition, float(values.std()), kind)


def kernel_subsets(num_subsets: int = 100, subset_size: int = 1000) -> Metric[ImagePair]:
    """Returns the row of the kernel distance over random subsets, as torch-fidelity and clean-fid compute KID.

    Where there are fewer images of a kind than `subset_size`, subsets are that small, and the measurement's definition
    says so. Of as many images as that of each kind there is one subset, all of them, and no deviation.

    Args:
        num_subsets: Number of subsets; 100 in torch-fidelity and clean-fid, 10 in some papers.
        subset_size: Images of each kind in a subset; 1,000 in those libraries.

    Raises:
        InputError: There are no subsets, or they have fewer than 2 images.

    >>> IMAGE_METRICS["kid_10_of_5000"] = kernel_subsets(10, 5000)
    """
    check_subsets(num_subsets, subset_size)

    def define(size: int, number: int = num_subsets) -> str:
        return (
            f"mean over {number:,} random subsets of {size:,} without replacement of the unbiased squared MMD of "
            "the activations, kernel (x.y / F + 1)^3"
        )

    def measure(pair: ImagePair) -> Measurement:
        real, fake = pair.real.activations, pair.fake.activations
        size = min(subset_size, len(real), len(fake))
        number = 1 if size == len(real) == len(fake) else num_subsets
        distances = subset_kernel_distances(real, fake, num_subsets=number, subset_size=size, seed=pair.seed)
        return _mean(distances, "subsets", define(size, number))

    return Metric(
        title=f"KID, {num_subsets:,} subsets of {subset_size:,}",
        definition=define(subset_size),
        better="lower",
        measure=measure,
        group="kid",
        watched=False,
    )


def inception_splits(num_splits: int = 10) -> Metric[ImagePair]:
    """Returns the row of the Inception score over splits in random order, as torch-fidelity computes it.

    Fewer than two images a split make fewer splits, and the measurement's definition says so.

    Args:
        num_splits: Number of splits.

    Raises:
        InputError: There are no splits.
    """
    if num_splits < 1:
        raise InputError(f"`num_splits` must be at least 1. Received: {num_splits}")

    def define(count: int) -> str:
        return f"mean Inception score of the logits over {count:,} splits in random order, TF-GAN"

    def measure(pair: ImagePair) -> Measurement:
        count = min(num_splits, len(pair.fake.logits) // 2)
        scores = split_inception_scores(pair.fake.logits, num_splits=count, seed=pair.seed)
        return _mean(scores, "splits", define(count))

    return Metric(
        title=f"IS, {num_splits:,} splits",
        definition=define(num_splits),
        better="higher",
        measure=measure,
        group="is",
        watched=False,
        needs_logits=True,
    )


def _overlap(title: str, definition: str, share: Callable[[ManifoldOverlap], float]) -> Metric[ImagePair]:
    return Metric(
        title=title,
        definition=f"{definition}, distances of activations",
        better="higher",
        measure=lambda pair: share(pair.overlap),
        group="prdc",
        watched=False,
        least=NUM_NEIGHBOURS + 1,
    )


_INCEPTION_SCORE: Metric[ImagePair] = Metric(
    title="IS",
    definition="Inception score of the logits, TF-GAN, no splits",
    better="higher",
    measure=lambda pair: inception_score(pair.fake.logits),
    group="is",
    watched=False,
    needs_logits=True,
)
_MODES: Metric[ImagePair] = Metric(
    title="modes",
    definition="classes named for at least one generated image",
    better="higher",
    measure=_num_modes,
    group="modes",
    needs_modes=True,
    needs_logits=True,
)

IMAGE_METRICS: dict[str, Metric[ImagePair]] = {
    "fid": Metric(
        title="FID",
        definition="Frechet distance of the activations, TF-GAN",
        better="lower",
        measure=_frechet_distance,
        group="fid",
    ),
    "kid": Metric(
        title="KID",
        definition="TF-GAN block estimator on the activations, blocks of at most 1,024",
        better="lower",
        measure=_kernel_distance,
        group="kid",
        watched=False,
        check_more=check_blocks,
    ),
    "is": _INCEPTION_SCORE,
    "modes": _MODES,
    "modes_kl": Metric(
        title="KL to uniform",
        unit="nats",
        definition="KL(p || uniform over the classes) in nats, p the share of generated images in each class",
        better="lower",
        measure=lambda pair: pair.coverage.kl_to_uniform,
        group="modes",
        needs_modes=True,
        needs_logits=True,
    ),
    "kid_subsets": kernel_subsets(),
    "is_splits": inception_splits(),
    "precision": _overlap(
        "precision",
        "share of generated images nearer to some real one than its 5th nearest real neighbour",
        lambda overlap: overlap.precision,
    ),
    "recall": _overlap(
        "recall",
        "share of real images nearer to some generated one than its 5th nearest generated neighbour",
        lambda overlap: overlap.recall,
    ),
    "density": _overlap(
        "density",
        "number of real images that a generated one is nearer to than their 5th nearest real neighbour, mean over 5",
        lambda overlap: overlap.density,
    ),
    "coverage": _overlap(
        "coverage",
        "share of real images with a generated one nearer than their 5th nearest real neighbour",
        lambda overlap: overlap.coverage,
    ),
}
"""Metrics of images by their names in results; you may add rows."""


def _of_probabilities(metric: Metric[SamplePair]) -> Metric[ImagePair]:
    """Returns a two-sample metric on the class probabilities of images."""

    def measure(pair: ImagePair) -> float | Measurement:
        return metric.measure(pair.probabilities)

    row: Any = metric  # `replace` keeps the type of the pair, which differs here.
    return dataclasses.replace(row, measure=measure, needs_logits=True)


PROBABILITY_METRICS: dict[str, Metric[ImagePair]] = {
    "is": _INCEPTION_SCORE,
    "fid": Metric(
        title="FID",
        definition="Frechet distance of the class probabilities, TF-GAN",
        better="lower",
        measure=lambda pair: frechet_distance(pair.probabilities.real, pair.probabilities.fake),
        group="fid",
        needs_logits=True,
    ),
    "modes": _MODES,
    "kl": Metric(
        title="KL divergence",
        unit="nats",
        definition="KL(p_real || p_fake) in nats of the shares of images in each class",
        better="lower",
        measure=lambda pair: class_kl_divergence(pair.real.modes, pair.fake.modes, pair.num_classes),
        group="modes",
        needs_modes=True,
        needs_logits=True,
    ),
    **{name: _of_probabilities(metric) for name, metric in TWO_SAMPLE_METRICS.items()},
}
"""The metrics of images in the space of class probabilities.

Source: GAN + VER, Table III.
"""
