"""Tables I to III of GAN + VER: vanilla and Wasserstein GANs with and without entropy, on mixtures and digits."""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax import data
from tf_infomax.metrics import (
    DigitFeatures,
    class_kl_divergence,
    evaluate_features,
    evaluate_points,
    frechet_distance,
    inception_score,
    mode_statistics,
)
from tf_infomax.models.gan import GAN
from tf_infomax.presets import PRESETS, GANPreset, preset_named
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.ver_figures import draw_figures
from tf_infomax.reproduction.ver_weights import choice
from tf_infomax.runs.training import RunOptions, train
from tf_infomax.types import Array

METHODS = ("vgan", "wgan", "vgan-ver", "wgan-ver")
WEIGHTS = {
    "ring": (0.1, 0.3, 1.0, 3.0),
    "grid": (0.1, 0.3, 1.0, 3.0),
    "digits": (0.03, 0.1, 0.3, 1.0, 3.0),
}
SWEEP_STEPS = {"ring": 5000, "grid": 15_000, "digits": 2500}
NUM_SAMPLES = 2500
NUM_DRAWS = 5
CURVE_POINTS = 10
PICTURES = 4

_ACCURACIES = {"ta": "TA %", "ra": "RA %", "ga": "GA %", "pr": "PR %", "re": "RE %"}
POINT_COLUMNS = {"modes": "modes", "hq": "HQ %", "kl": "KL", "wd": "WD", "mmd": "MMD", **_ACCURACIES}
IMAGE_COLUMNS = {"is": "IS", "fid": "FID", "modes": "modes", "kl": "KL", "wd": "WD", "mmd": "MMD", **_ACCURACIES}

Measure = Callable[[Array, Array], Mapping[str, float]]
"""Maps real and generated samples to values by column."""


def ver_table(dataset: str, number: int, *, steps: int | None = None, num_samples: int = NUM_SAMPLES) -> Experiment:
    """Returns the experiment of one table.

    Args:
        dataset: `"ring"`, `"grid"` or `"digits"`.
        number: Of the table.
        steps: Generator steps of each run; those of the presets if None.
        num_samples: Real and generated samples that each run is measured with, in each of five draws.
    """
    presets = {method: _preset(f"{method}-{dataset}", steps) for method in METHODS}
    return _experiment(
        f"ver-table{number}",
        f"GAN + VER, Table {number}",
        dataset,
        presets,
        num_samples,
        number_of_seeds=5 if dataset in data.MIXTURES else 3,
        published={method: dict(PRESETS[f"{method}-{dataset}"].published) for method in METHODS},
    )


def weight_sweep(
    dataset: str, *, weights: Sequence[float] | None = None, steps: int | None = None, num_samples: int = NUM_SAMPLES
) -> Experiment:
    """Returns the experiment that chooses lambda for a table: both games with each weight, in rows METHOD-WEIGHT."""
    presets = {}
    steps = SWEEP_STEPS[dataset] if steps is None else steps
    for method in ("vgan-ver", "wgan-ver"):
        base = _preset(f"{method}-{dataset}", steps)
        for weight in weights or WEIGHTS[dataset]:
            presets[f"{method}-{weight:g}"] = dataclasses.replace(base, variational_entropy_weight=weight)
    experiment = _experiment(f"ver-weights-{dataset}", "GAN + VER, choice of lambda", dataset, presets, num_samples)
    return dataclasses.replace(experiment, conclude=choice)


def _experiment(
    name: str,
    title: str,
    dataset: str,
    presets: Mapping[str, GANPreset],
    num_samples: int,
    number_of_seeds: int = 2,
    published: Mapping[str, Mapping[str, float]] | None = None,
) -> Experiment:
    first = next(iter(presets.values()))
    steps = first.steps
    # In running averages a mode has half its spread; digits do not tell the difference.
    batch_statistics = first.batch_size if dataset in data.MIXTURES else None

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        preset = dataclasses.replace(presets[row], seed=seed)
        options = RunOptions(
            metrics_every=max(1, steps // CURVE_POINTS),
            sample_every=max(1, steps // PICTURES),
            batch_statistics=batch_statistics is not None,
        )
        gan = train(preset, folder, name=f"{row}-{dataset}", options=options)
        return measure_samples(gan, dataset, num_samples=num_samples, seed=seed, batch_statistics=batch_statistics)

    return Experiment(
        name=name,
        title=(
            f"{title}: {dataset}, {steps:,} generator steps each; {num_samples:,} generated against {num_samples:,} "
            f"real samples{_protocol_text(dataset)}, mean of {NUM_DRAWS} draws. {_sampling_text(batch_statistics)}"
            f"{_floor_text(dataset, num_samples)}"
        ),
        rows=tuple(presets),
        columns=_columns(dataset),
        settings={
            "steps": steps,
            "num_samples": num_samples,
            "num_draws": NUM_DRAWS,
            **({"batch_statistics": batch_statistics} if batch_statistics else {}),
            "presets": {row: preset.settings for row, preset in presets.items()},
        },
        seeds=range(number_of_seeds),
        measure=measure,
        illustrate=functools.partial(draw_figures, dataset, batch_statistics=batch_statistics),
        published=published or {},
    )


def _preset(name: str, steps: int | None) -> GANPreset:
    preset = preset_named(name)
    return preset if steps is None else dataclasses.replace(preset, steps=steps)


def measure_samples(
    gan: GAN, dataset: str, *, num_samples: int, seed: int, batch_statistics: int | None = None
) -> dict[str, float]:
    """Measures a generator with fresh latents and real samples in each of five draws, and returns the means.

    Real samples are drawn without replacement in each draw: points from the 100,000 of the test split, digits from the
    training split, which is the only one with enough of them.

    Args:
        gan: What to measure.
        dataset: `"ring"`, `"grid"` or `"digits"`.
        num_samples: Real and generated samples in a draw.
        seed: Decides the draws.
        batch_statistics: As for `GAN.generate`.
    """
    measure, source = _measure(dataset), _source(dataset)

    def draw(seed: int) -> Mapping[str, float]:
        fake = gan.generate(num_samples, seed, batch_statistics=batch_statistics)
        return measure(source.sample_real(num_samples, seed), fake)

    return _means([draw(i) for i in range(NUM_DRAWS * seed, NUM_DRAWS * (seed + 1))])


@functools.cache
def real_against_real(dataset: str, *, num_samples: int = NUM_SAMPLES) -> Mapping[str, float]:
    """Returns what a perfect generator would measure: two sets of real samples against each other, mean of five draws.

    Two sets of digits have no image in common, so that there are at most half of them in each.
    """
    measure, source, size = _measure(dataset), _source(dataset), _floor_size(dataset, num_samples)
    pairs = (np.split(source.sample_real(2 * size, i), 2) for i in range(NUM_DRAWS))
    return _means([measure(*pair) for pair in pairs])


def _floor_size(dataset: str, num_samples: int) -> int:
    return min(num_samples, _source(dataset).num_images // 2)


def _means(draws: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([draw[name] for draw in draws])) for name in draws[0]}


def _source(dataset: str) -> data.ImageSource:
    image_size, split = (None, "test") if dataset in data.MIXTURES else (28, "train")
    return data.load_source(dataset, split=split, image_size=image_size)


def _columns(dataset: str) -> Mapping[str, str]:
    return POINT_COLUMNS if dataset in data.MIXTURES else IMAGE_COLUMNS


def _measure(dataset: str) -> Measure:
    return _point_measure(dataset) if dataset in data.MIXTURES else _image_measure()


def _point_measure(dataset: str) -> Measure:
    mixture = data.MIXTURES[dataset]
    return lambda real, fake: evaluate_points(real, fake, means=mixture.means, std=mixture.std)


def _image_measure() -> Measure:
    """Metrics of digits in the space of the digit classifier's class probabilities."""
    extractor = DigitFeatures()

    def measure(real_images: Array, fake_images: Array) -> dict[str, float]:
        real, fake = extractor(real_images), extractor(fake_images)
        real_probabilities, fake_probabilities = (tf.nn.softmax(features.logits).numpy() for features in (real, fake))
        num_classes = fake.logits.shape[1]
        return {
            "is": inception_score(fake.logits),
            "fid": frechet_distance(real_probabilities, fake_probabilities),
            "modes": float(mode_statistics(fake.modes, num_classes).count),
            "kl": class_kl_divergence(real.modes, fake.modes, num_classes),
            **evaluate_features(real_probabilities, fake_probabilities),
        }

    return measure


def _protocol_text(dataset: str) -> str:
    if dataset in data.MIXTURES:
        return ""
    return (
        " of the training split (the paper's are of MNIST, with another classifier); FID, WD, MMD and 1-NN accuracies "
        "on the digit classifier's class probabilities"
    )


def _sampling_text(batch_statistics: int | None) -> str:
    return f"Samples are normalised as in training, in batches of {batch_statistics}. " if batch_statistics else ""


def _floor_text(dataset: str, num_samples: int) -> str:
    columns = _columns(dataset)
    values, size = real_against_real(dataset, num_samples=num_samples), _floor_size(dataset, num_samples)
    numbers = ", ".join(f"{columns[name]} {value:.3g}" for name, value in values.items())
    return f"Real against real, {size:,} each: {numbers}."
