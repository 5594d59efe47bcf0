"""Tables I to III of GAN + VER: vanilla and Wasserstein GANs with and without entropy, on mixtures and digits."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from tf_infomax import data
from tf_infomax.metrics import IMAGE_METRICS, POINT_METRICS, PROBABILITY_METRICS, Metric, Suite, headings, suite_for
from tf_infomax.models.gan import GAN
from tf_infomax.presets import PRESETS, Preset, preset_named
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.ver_figures import DrawSamples, draw_figures, draw_images, draw_points
from tf_infomax.reproduction.ver_weights import choice
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train
from tf_infomax.types import Array

METHODS = ("vgan", "wgan", "vgan-ver", "wgan-ver")
NUM_SAMPLES = 2500
NUM_DRAWS = 5
CURVE_POINTS = 10
PICTURES = 4
_WEIGHT = "objectives.variational_entropy.generator_weight"


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
        note: Text over the table on real samples and features.
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
    note: str = ""


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
        note=(
            " of the training split (the paper's are of MNIST, with another classifier); FID, Wasserstein distance, "
            "MMD and 1-NN accuracies on the digit classifier's class probabilities"
        ),
    ),
}
"""Protocols by dataset."""


def ver_table(dataset: str, number: int, *, steps: int | None = None, num_samples: int = NUM_SAMPLES) -> Experiment:
    """Returns the experiment of one table.

    Args:
        dataset: `"ring"`, `"grid"` or `"digits"`.
        number: Number of the table.
        steps: Generator steps of each run; the presets' if None.
        num_samples: Real and generated samples in each of a run's five draws.
    """
    presets = {method: _preset(f"{method}-{dataset}", steps) for method in METHODS}
    return _experiment(
        f"ver-table{number}",
        f"GAN + VER, Table {number}",
        dataset,
        presets,
        num_samples,
        number_of_seeds=PROTOCOLS[dataset].num_seeds,
        published={method: dict(PRESETS[f"{method}-{dataset}"].published) for method in METHODS},
        claims=[
            Claim(
                text=f"Variational entropy brings the samples of {method} nearer to the data, by 1-NN accuracy",
                source=f"GAN + VER, Table {number}",
                column="ta",
                better="lower",
                pairs=[(f"{method}-ver", method)],
            )
            for method in ("vgan", "wgan")
        ],
    )


def weight_sweep(
    dataset: str, *, weights: Sequence[float] | None = None, steps: int | None = None, num_samples: int = NUM_SAMPLES
) -> Experiment:
    """Returns the sweep that chooses lambda for a table: both games with each weight, in rows METHOD-WEIGHT."""
    presets = {}
    protocol = PROTOCOLS[dataset]
    steps = protocol.sweep_steps if steps is None else steps
    for method in ("vgan-ver", "wgan-ver"):
        base = _preset(f"{method}-{dataset}", steps)
        for weight in weights or protocol.weights:
            presets[f"{method}-{weight:g}"] = base.override({_WEIGHT: weight})
    experiment = _experiment(f"ver-weights-{dataset}", "GAN + VER, choice of lambda", dataset, presets, num_samples)
    return dataclasses.replace(experiment, conclude=choice)


def _experiment(
    name: str,
    title: str,
    dataset: str,
    presets: Mapping[str, Preset],
    num_samples: int,
    number_of_seeds: int = 2,
    published: Mapping[str, Mapping[str, float]] | None = None,
    claims: Sequence[Claim] = (),
) -> Experiment:
    protocol, first = PROTOCOLS[dataset], next(iter(presets.values()))
    steps = first.steps
    batch_statistics = first.batch_size if protocol.as_in_training else None

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        preset = presets[row].override({"seed": seed})
        options = GANRunOptions(
            metrics_every=max(1, steps // CURVE_POINTS),
            sample_every=max(1, steps // PICTURES),
            batch_statistics=batch_statistics is not None,
        )
        gan = cast(GAN, train(preset, folder, name=f"{row}-{dataset}", options=options))
        return measure_samples(gan, dataset, num_samples=num_samples, seed=seed, batch_statistics=batch_statistics)

    return Experiment(
        name=name,
        title=(
            f"{title}: {dataset}, {steps:,} generator steps each; {num_samples:,} generated against {num_samples:,} "
            f"real samples{protocol.note}, mean of {NUM_DRAWS} draws. {_sampling_text(batch_statistics)}"
            f"{_floor_text(dataset, num_samples)}"
        ),
        rows=tuple(presets),
        columns=headings(protocol.metrics),
        settings={
            "steps": steps,
            "num_samples": num_samples,
            "num_draws": NUM_DRAWS,
            **({"batch_statistics": batch_statistics} if batch_statistics else {}),
            "presets": {row: preset.settings for row, preset in presets.items()},
        },
        seeds=range(number_of_seeds),
        measure=measure,
        illustrate=functools.partial(
            draw_figures,
            dataset,
            draw_samples=protocol.draw_samples,
            metrics=protocol.watched,
            batch_statistics=batch_statistics,
        ),
        published=published or {},
        claims=claims,
    )


def _preset(name: str, steps: int | None) -> Preset:
    preset = preset_named(name)
    return preset if steps is None else preset.override({"steps": steps})


def measure_samples(
    gan: GAN, dataset: str, *, num_samples: int, seed: int, batch_statistics: int | None = None
) -> dict[str, float]:
    """Measures a generator with fresh latents and real samples in each of five draws, and returns the means.

    Real samples are drawn without replacement in each draw: points from the 100,000 of the test split, digits from the
    training split, the only one with enough.

    Args:
        gan: GAN to measure.
        dataset: `"ring"`, `"grid"` or `"digits"`.
        num_samples: Real and generated samples in a draw.
        seed: Seed of the draws.
        batch_statistics: See `GAN.generate`.
    """
    source = _source(dataset)
    suite = _suite(dataset, source)

    def draw(seed: int) -> Mapping[str, float]:
        fake = gan.generate(num_samples, seed, batch_statistics=batch_statistics)
        return _values(suite, source.sample_real(num_samples, seed), fake)

    return _means([draw(i) for i in range(NUM_DRAWS * seed, NUM_DRAWS * (seed + 1))])


@functools.cache
def real_against_real(dataset: str, *, num_samples: int = NUM_SAMPLES) -> Mapping[str, float]:
    """Returns the metrics of a perfect generator: two sets of real samples compared, mean of five draws.

    Two sets of digits have no image in common, so each has at most half of them.
    """
    source, size = _source(dataset), _floor_size(dataset, num_samples)
    suite = _suite(dataset, source)
    pairs = (np.split(source.sample_real(2 * size, i), 2) for i in range(NUM_DRAWS))
    return _means([_values(suite, *pair) for pair in pairs])


def _floor_size(dataset: str, num_samples: int) -> int:
    return min(num_samples, _source(dataset).num_images // 2)


def _means(draws: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([draw[name] for draw in draws])) for name in draws[0]}


def _source(dataset: str) -> data.ImageSource:
    protocol = PROTOCOLS[dataset]
    return data.load_source(dataset, split=protocol.split, image_size=protocol.image_size)


def _suite(dataset: str, source: data.ImageSource) -> Suite[Any, Any]:
    return dataclasses.replace(suite_for(source), metrics=PROTOCOLS[dataset].metrics)


def _values(suite: Suite[Any, Any], real: Array, fake: Array) -> dict[str, float]:
    return {name: float(measurement) for name, measurement in suite.measure(real, fake).items()}


def _sampling_text(batch_statistics: int | None) -> str:
    return f"Samples are normalised as in training, in batches of {batch_statistics}. " if batch_statistics else ""


def _floor_text(dataset: str, num_samples: int) -> str:
    columns = headings(PROTOCOLS[dataset].metrics)
    values, size = real_against_real(dataset, num_samples=num_samples), _floor_size(dataset, num_samples)
    numbers = ", ".join(f"{columns[name]} {value:.3g}" for name, value in values.items())
    return f"Real against real, {size:,} each: {numbers}."
