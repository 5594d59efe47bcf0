"""Protocols of GAN + VER's tables, by dataset."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from tf_infomax.metrics import IMAGE_METRICS, POINT_METRICS, PROBABILITY_METRICS, Metric
from tf_infomax.reproduction.ver.figures import DrawSamples, draw_images, draw_points


@dataclasses.dataclass(frozen=True, kw_only=True)
class Protocol:
    """Protocol of the tables on one dataset.

    Attributes:
        split: Split of the real samples.
        image_size: H and W of images, None for points.
        metrics: Rows of the metrics in the table.
        watched: Rows of the metrics during training.
        draw_samples: Function that draws samples.
        num_seeds: Seeds of the table.
        weights: Weights of the sweep.
        sweep_steps: Generator steps of each run of the sweep.
        as_in_training: Whether samples are normalised by their batch: with running averages a mode has half its spread.
        origin: Text over the table on the real samples; those of other data are named.
        note: Text over the table on the features, before their name.
        features: Network behind metrics of images; None for points.
        improved: Methods that entropy improves by the paper's text; on MNIST it does not help WGAN considerably.
    """

    split: str
    image_size: int | None
    metrics: Mapping[str, Metric[Any]]
    watched: Mapping[str, Metric[Any]]
    draw_samples: DrawSamples
    num_seeds: int
    weights: Sequence[float]
    sweep_steps: int
    as_in_training: bool = False
    origin: str = ""
    note: str = ""
    features: str | None = None
    improved: Sequence[str] = ("vgan", "wgan")


_POINTS = Protocol(
    split="test",
    image_size=None,
    metrics=POINT_METRICS,
    watched=POINT_METRICS,
    draw_samples=draw_points,
    num_seeds=5,
    weights=(0.1, 0.3, 1.0, 3.0),
    sweep_steps=5000,
    as_in_training=True,
)
PROTOCOLS: Mapping[str, Protocol] = {
    "ring": _POINTS,
    "grid": dataclasses.replace(_POINTS, sweep_steps=15_000),
    "digits": Protocol(
        split="train",
        image_size=28,
        metrics=PROBABILITY_METRICS,
        watched=IMAGE_METRICS,
        draw_samples=draw_images,
        num_seeds=3,
        weights=(0.03, 0.1, 0.3, 1.0, 3.0),
        sweep_steps=2500,
        origin=" of the training split (the paper's are of MNIST)",
        note="; FID, Wasserstein distance, MMD and 1-NN accuracies on",
        features="digits",
        improved=("vgan",),
    ),
}
"""Protocols by dataset."""
