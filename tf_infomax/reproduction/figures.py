"""Figures of a table's runs: grids of samples, and metrics over training."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.images import write_png
from tf_infomax.metrics import Metric
from tf_infomax.plots import Curve, curve_panels
from tf_infomax.reproduction.curves import mean_curves, metric_curves, scalar_curves
from tf_infomax.reproduction.experiment import Folders, finished_runs
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.types import Array

SAMPLES_FIGURE = "samples.png"
CURVES_FIGURE = "curves.png"

Runs = Mapping[str, Sequence[RunDirectory]]
"""Finished runs of each row that has any, in order of seeds."""


def runs_by_row(folders: Folders) -> dict[str, list[RunDirectory]]:
    """Returns the finished runs behind a table, by row."""
    runs = {row: finished_runs(own) for row, own in folders.items()}
    return {row: own for row, own in runs.items() if own}


def draw_grids(output: Path, runs: Runs) -> None:
    """Draws a grid of images for each row, from its first seed, in a file of its own."""
    for row, (first, *_) in runs.items():
        grid = sample_grid(first.load_gan(), class_names=first.class_names)
        write_png(output / f"samples-{row}.png", grid)


def draw_curves(path: Path, runs: Runs, metrics: Mapping[str, Metric[Any]]) -> None:
    """Draws curves of these metrics over training, means over the seeds; nothing where logs were removed."""
    measured = {row: mean_curves(metric_curves(run.logs) for run in own) for row, own in runs.items()}
    curves = {row: {name: own[name] for name in metrics if name in own} for row, own in measured.items()}
    if any(curves.values()):
        write_png(path, metric_panels(curves, metrics))


def draw_scalars(path: Path, runs: Runs, labels: Mapping[str, str]) -> None:
    """Draws scalars of the runs' logs, means over the seeds, a panel for each tag; nothing where logs were removed."""
    curves = {row: mean_curves(scalar_curves(run.logs) for run in own) for row, own in runs.items()}
    panels = {label: {row: own[tag] for row, own in curves.items() if tag in own} for tag, label in labels.items()}
    if any(panels.values()):
        write_png(path, curve_panels(panels, x_label="generator steps", columns=2))


def metric_panels(curves: Mapping[str, Mapping[str, Curve]], metrics: Mapping[str, Metric[Any]]) -> Array:
    """Draws curves of metrics over training.

    Args:
        curves: Curves by line and metric.
        metrics: Rows of the metrics, which name the axes; other metrics keep their plain names.
    """
    names = dict.fromkeys(name for own in curves.values() for name in own)
    headings = {name: metrics[name].heading if name in metrics else name for name in names}
    panels = {headings[name]: {line: own[name] for line, own in curves.items() if name in own} for name in names}
    notes = {headings[name]: f"{metrics[name].better} is better" for name in names if name in metrics}
    return curve_panels(panels, x_label="generator steps", notes=notes)
