"""Tables I to III of GAN + VER: vanilla and Wasserstein GANs with and without entropy, on mixtures and digits."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from tf_infomax.metrics import headings
from tf_infomax.models.gan import GAN
from tf_infomax.presets import PRESETS, Preset, preset_named
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.reproduction.ver.figures import draw_figures
from tf_infomax.reproduction.ver.protocols import PROTOCOLS
from tf_infomax.reproduction.ver.samples import (
    NUM_DRAWS,
    NUM_SAMPLES,
    check_data,
    floor_size,
    measure_samples,
    real_against_real,
)
from tf_infomax.reproduction.ver.weights import choice
from tf_infomax.runs.training import train

PAPER_RATE = 2e-4
"""Adam's learning rate. Source: GAN + VER, section V."""
METHODS = ("vgan", "wgan", "vgan-ver", "wgan-ver")
CURVE_POINTS = 10
PICTURES = 4
_WEIGHT = "objectives.variational_entropy.generator_weight"


def ver_table(
    dataset: str,
    number: int,
    *,
    steps: int | None = None,
    num_samples: int = NUM_SAMPLES,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment of one table.

    Args:
        dataset: `"ring"`, `"grid"` or `"digits"`.
        number: Number of the table.
        steps: Generator steps of each run; the presets' if None.
        num_samples: Real and generated samples in each of a run's five draws.
        data: Other data of digits, such as all of MNIST; those of the dataset if None.
    """
    data = (data or TableData()).or_else(dataset)
    if data.dataset != dataset and data.features is None:
        data = dataclasses.replace(data, features=PROTOCOLS[dataset].features)
    presets = {method: data.preset(_preset(f"{method}-{dataset}", steps)) for method in METHODS}
    return _experiment(
        f"ver-table{number}",
        f"GAN + VER, Table {number}",
        dataset,
        presets,
        num_samples,
        data,
        number_of_seeds=PROTOCOLS[dataset].num_seeds,
        paper=_paper(dataset, next(iter(presets.values()))),
        published={method: dict(PRESETS[f"{method}-{dataset}"].published) for method in METHODS},
        claims=[
            Claim(
                text=f"Variational entropy brings the samples of {method} nearer to the data, by 1-NN accuracy",
                source=f"GAN + VER, Table {number}",
                column="ta",
                better="nearer 50",
                pairs=[(f"{method}-ver", method)],
            )
            for method in PROTOCOLS[dataset].improved
        ],
    )


def ver_table_mnist(
    *, steps: int | None = None, num_samples: int = NUM_SAMPLES, data: TableData | None = None
) -> Experiment:
    """Returns Table III on MNIST, the paper's data; see `ver_table`."""
    table = ver_table("digits", 3, steps=steps, num_samples=num_samples, data=(data or TableData()).or_else("mnist"))
    return dataclasses.replace(table, name="ver-table3-mnist")


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
    experiment = _experiment(
        f"ver-weights-{dataset}", "GAN + VER, choice of lambda", dataset, presets, num_samples, TableData(dataset)
    )
    return dataclasses.replace(experiment, conclude=choice)


def _experiment(
    name: str,
    title: str,
    dataset: str,
    presets: Mapping[str, Preset],
    num_samples: int,
    data: TableData,
    number_of_seeds: int = 2,
    paper: str = "",
    published: Mapping[str, Mapping[str, float]] | None = None,
    claims: Sequence[Claim] = (),
) -> Experiment:
    protocol, first = PROTOCOLS[dataset], next(iter(presets.values()))
    steps = first.steps
    batch_statistics = first.batch_size if protocol.as_in_training else None

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        preset = presets[row].override({"seed": seed})
        options = data.run_options(
            metrics_every=max(1, steps // CURVE_POINTS),
            sample_every=max(1, steps // PICTURES),
            batch_statistics=batch_statistics is not None,
        )
        gan = cast(GAN, train(preset, folder, name=f"{row}-{dataset}", options=options))
        return measure_samples(
            gan, dataset, num_samples=num_samples, seed=seed, batch_statistics=batch_statistics, data=data
        )

    return Experiment(
        name=name,
        title=(
            f"{title}: {data.title}, {steps:,} generator steps each; {num_samples:,} generated against "
            f"{num_samples:,} real samples{protocol.origin if data.dataset == dataset else ' of the training split'}"
            f"{_note(dataset, data)}, mean of {NUM_DRAWS} draws. {_sampling_text(batch_statistics)}{paper}"
        ).rstrip(),
        floor=functools.partial(_floor_text, dataset, num_samples, data),
        check=lambda rows: check_data(dataset, num_samples, data),
        rows=tuple(presets),
        columns=headings(protocol.metrics),
        settings={
            "steps": steps,
            "num_samples": num_samples,
            "num_draws": NUM_DRAWS,
            **({"batch_statistics": batch_statistics} if batch_statistics else {}),
            **({} if data.dataset == dataset else {"data": data.settings}),
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


def _paper(dataset: str, preset: Preset) -> str:
    """Returns a sentence on the protocol of the published numbers."""
    rate = preset.get("learning_rate")
    own = "" if rate == PAPER_RATE else f", here {rate:g}"
    classified = ", classified by another network" if PROTOCOLS[dataset].features else ""
    return f"Published: trained to convergence at a learning rate of {PAPER_RATE:g}{own}{classified}."


def _note(dataset: str, data: TableData) -> str:
    note = PROTOCOLS[dataset].note
    return note and f"{note} {data.feature_title}'s class probabilities"


def _sampling_text(batch_statistics: int | None) -> str:
    return f"Samples are normalised as in training, in batches of {batch_statistics}. " if batch_statistics else ""


def _floor_text(dataset: str, num_samples: int, data: TableData) -> str:
    columns = headings(PROTOCOLS[dataset].metrics)
    values = real_against_real(dataset, num_samples=num_samples, data=data)
    size = floor_size(dataset, num_samples, data)
    numbers = ", ".join(f"{columns[name]} {value:.3g}" for name, value in values.items())
    return f"Real against real, {size:,} each: {numbers}."
