"""When does the contrast learn? InfoMax by its heads, layers, scales, weights and batches, with what it does inside."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tf_infomax.presets import Preset, preset_named
from tf_infomax.presets.settings import settings
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import CURVES_FIGURE, draw_scalars, runs_by_row
from tf_infomax.reproduction.infomax_gan.contrast_inside import BATCH, INSIDE, inside
from tf_infomax.reproduction.infomax_gan.scaled_infomax import ScaledInfoMax
from tf_infomax.reproduction.natural_table import SMALL, Size, metric_columns, natural_data, small_preset
from tf_infomax.reproduction.run_table import run_table
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import data_of_run

NUM_BATCHES = 10
"""Batches of images by which the contrast is looked at."""
BASELINE, SHIPPED = "no-infomax", "as-shipped"
_INFOMAX = "objectives.infomax"
_BOTH_WEIGHTS = (f"{_INFOMAX}.discriminator_weight", f"{_INFOMAX}.generator_weight")


def _weights(weight: float) -> dict[str, float]:
    return dict.fromkeys(_BOTH_WEIGHTS, weight)


PLAIN = {f"{_INFOMAX}.spectral_norm": False}
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    SHIPPED: {},
    "weights-1": _weights(1.0),
    "weights-5": _weights(5.0),
    "plain-heads": PLAIN,
    "plain-heads-weights-1": {**PLAIN, **_weights(1.0)},
    "scores-times-5": {"scale": 5.0},
    "scores-times-20": {"scale": 20.0},
    "mean-pooling": {"mean_pooling": True},
    "earlier-map": {f"{_INFOMAX}.local_layer": "block1"},
    "first-map": {f"{_INFOMAX}.local_layer": "block0"},
    "r-quarter": {"projection": 0.25},
    "r-4-times": {"projection": 4.0},
    "own-masked": {f"{_INFOMAX}.own_locations": "masked"},
    "own-excluded": {f"{_INFOMAX}.own_locations": "excluded"},
    "batch-128": {"batch_size": 128},
    "batch-256": {"batch_size": 256},
}
"""What differs from the preset, by row: settings by name; `scale` and `mean_pooling` of
`ScaledInfoMax`; `projection`, a multiple of R."""


def contrast_digits(*, steps: int = 1500, num_images: int = 10_000) -> Experiment:
    """Returns the study with the quickstart's networks on stacked digits.

    Args:
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
    """
    data = TableData(dataset="stacked-digits")

    def base(method: str) -> Preset:
        return preset_named(f"{method}-stacked-digits").override({"steps": steps})

    columns = {"fid": "FID", "modes": "modes of 1,000"}
    # The local features of these networks are `block1`.
    variants = {row: own for row, own in VARIANTS.items() if row != "earlier-map"}
    return _study("contrast-digits", base, variants, data, steps, num_images, columns)


def contrast_natural(
    *, steps: int = 500, num_images: int = 10_000, size: Size = SMALL, data: TableData | None = None
) -> Experiment:
    """Returns the study with 32 px ResNets on natural images.

    Args:
        steps: Generator steps of each run, enough for the contrast, not for the images: five minutes of one core.
        num_images: Generated and real images per measurement.
        size: Size of the networks.
        data: Data of the runs; CIFAR-10 with Inception's features if None.
    """
    data = natural_data(data)
    base = functools.partial(small_preset, data=data, size=size, steps=steps)
    columns = {name: metric_columns(data)[name] for name in ("fid", "recall")}
    return _study("contrast-natural", base, VARIANTS, data, steps, num_images, columns)


def _study(
    name: str,
    base: Callable[[str], Preset],
    variants: Mapping[str, Mapping[str, Any]],
    data: TableData,
    steps: int,
    num_images: int,
    measured: Mapping[str, str],
) -> Experiment:
    presets = {BASELINE: base("sngan"), **{row: variant(base("infomax-gan"), own) for row, own in variants.items()}}
    evaluation = data.evaluation(metrics=tuple(measured), num_real=num_images, num_fake=num_images)
    image_size = presets[BASELINE].data.image_size
    table = run_table(
        name,
        presets,
        run_options=data.run_options(metrics_every=0),
        evaluation=evaluation,
        settings={"steps": steps, "num_images": num_images, "data": data.settings},
        title=(
            f"{data.title}, {steps:,} generator steps each; {num_images:,} generated against {num_images:,} real "
            f"images, features of {data.feature_title}; what the contrast does at the end, on {NUM_BATCHES} batches of "
            f"{BATCH} images."
        ),
        columns={**measured, **INSIDE},
        # A larger batch alone may bring samples nearer.
        claims=[_claim(row) for row, changes in variants.items() if "batch_size" not in changes],
        illustrate=_draw,
        check=lambda rows: data.check(image_size=image_size, num_images=num_images, measured_by=evaluation),
    )

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        values = dict(table.measure(row, seed, folder))
        run = RunDirectory(folder)
        if row == BASELINE:
            return values
        images = data_of_run(run, evaluation).source.sample_real(NUM_BATCHES * BATCH, seed)
        return values | inside(run.load_gan(), images)

    return dataclasses.replace(table, measure=measure)


def variant(preset: Preset, changes: Mapping[str, Any]) -> Preset:
    """Returns a preset with InfoMax changed, see `VARIANTS`."""
    own = {name: value for name, value in changes.items() if name not in ("scale", "mean_pooling", "projection")}
    if "projection" in changes:
        own[f"{_INFOMAX}.projection_dim"] = int(changes["projection"] * preset.get(f"{_INFOMAX}.projection_dim"))
    scaled = {name: changes[name] for name in ("scale", "mean_pooling") if name in changes}
    if scaled:
        size = preset.get(f"{_INFOMAX}.projection_dim")
        own["objectives"] = {"infomax": settings(ScaledInfoMax, projection_dim=size, **scaled)}
    return preset.override(own)


def _claim(row: str) -> Claim:
    return Claim(
        text=f"InfoMax, {row}, is nearer to the data than none",
        source="our question",
        column="fid",
        better="lower",
        pairs=[(row, BASELINE)],
    )


def _draw(output: Path, folders: Folders) -> None:
    """Draws the accuracies over training."""
    runs = {row: own for row, own in runs_by_row(folders).items() if row != BASELINE}
    draw_scalars(output / CURVES_FIGURE, runs, {"infomax/accuracy": "contrastive accuracy, real images"})
