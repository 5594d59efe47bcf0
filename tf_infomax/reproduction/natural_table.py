"""Tables of GANs on natural images of 32 px: one protocol for several experiments."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_infomax.metrics import IMAGE_METRICS
from tf_infomax.presets import Preset, preset_named
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import CURVES_FIGURE, draw_curves, draw_grids, runs_by_row
from tf_infomax.reproduction.run_table import run_table
from tf_infomax.reproduction.table_data import TableData

Size = Mapping[str, Any]
"""Settings that decide how large networks and batches are, by name."""
SMALL: Size = {
    "generator.base_channels": 32,
    "discriminator.base_channels": 16,
    "objectives.infomax.projection_dim": 128,
}
"""An eighth of the published widths: a third of a second a step on two cores."""
TINY: Size = {
    "num_channels": 1,
    "generator.base_channels": 8,
    "discriminator.base_channels": 8,
    "objectives.infomax.projection_dim": 8,
    "batch_size": 8,
}
"""For a check on grey digits."""
IMAGE_SIZE = 32
METRICS = ("fid", "kid", "precision", "recall")
CURVE_POINTS = 8
"""Measurements during training."""


def natural_table(
    name: str,
    presets: Mapping[str, Preset],
    size: Size,
    steps: int,
    num_images: int,
    data: TableData,
    *,
    watched: Sequence[str],
    paper: str = "CIFAR-10, full widths, 100,000 steps, FID on Inception of 50,000 real and 10,000 generated images",
    **parts: Any,
) -> Experiment:
    """Returns a table of runs on natural images.

    Args:
        name: Name of the experiment.
        presets: Presets by row, from `small_preset`.
        size: Size of the networks.
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
        data: Data of the runs.
        watched: Metrics to measure during training, on 2,000 images at most.
        paper: Data and protocol of the published numbers.
        **parts: Other attributes of the experiment.
    """
    return run_table(
        name,
        presets,
        run_options=data.run_options(
            metrics_every=max(1, steps // CURVE_POINTS), metrics=tuple(watched), num_watched=min(num_images, 2000)
        ),
        evaluation=data.evaluation(metrics=METRICS, num_real=num_images, num_fake=num_images),
        settings={"steps": steps, "num_images": num_images, "data": data.settings},
        title=f"{_title(data, presets, size, steps, num_images)} Published: {paper}.",
        columns=metric_columns(data),
        **{"check": lambda rows: data.check(image_size=IMAGE_SIZE, num_images=num_images), **parts},
    )


def natural_data(data: TableData | None) -> TableData:
    """Returns the data of tables on natural images: the paper's where none are given."""
    return (data or TableData()).or_else("cifar10", "inception")


def small_preset(method: str, data: TableData, size: Size, **changes: Any) -> Preset:
    """Returns a method with networks of a size, and other changes."""
    return sized(data.preset(preset_named(f"{method}-cifar10")), size).override(changes)


def sized(preset: Preset, size: Size) -> Preset:
    """Returns a preset with those settings of a size that it has."""
    known = {name for name, _ in preset.items()}
    return preset.override({name: value for name, value in size.items() if name in known})


def _title(data: TableData, presets: Mapping[str, Preset], size: Size, steps: int, num_images: int) -> str:
    """Returns the protocol in a sentence."""
    projects = any("objectives.infomax.projection_dim" in dict(preset.items()) for preset in presets.values())
    projection = f", R {size['objectives.infomax.projection_dim']}" if projects else ""
    return (
        f"{data.title}, 32 px ResNets of width {size['generator.base_channels']} (generator) and "
        f"{size['discriminator.base_channels']} (discriminator){projection}, {steps:,} generator steps each; "
        f"{num_images:,} generated against {num_images:,} real images, features of {data.feature_title}."
    )


def metric_columns(data: TableData) -> dict[str, str]:
    """Returns the columns; a distance on other features than Inception's is no FID."""
    names = {"fid": "FID", "kid": "KID"} if data.is_on_inception else {"fid": "FD", "kid": "KD"}
    return {**names, "precision": "precision", "recall": "recall", "floor_fid": "floor"}


def draw_natural(output: Path, folders: Folders, *, data: TableData) -> None:
    """Draws a grid of samples for each row, and the curves of the metrics."""
    draw_grids(output, runs_by_row(folders))
    draw_natural_curves(output, folders, data=data, metrics=METRICS)


def draw_natural_curves(output: Path, folders: Folders, *, data: TableData, metrics: Sequence[str]) -> None:
    """Draws the curves of some metrics, under the names that they have in the table."""
    titles = metric_columns(data)
    named = {name: dataclasses.replace(IMAGE_METRICS[name], title=titles[name]) for name in metrics}
    draw_curves(output / CURVES_FIGURE, runs_by_row(folders), named)
