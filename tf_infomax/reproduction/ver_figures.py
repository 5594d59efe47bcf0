"""Figures 3 and 4 of GAN + VER: samples over the mixture, and metrics over training."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tf_infomax import data
from tf_infomax.callbacks.sample_grids import NUM_POINTS, sample_grid
from tf_infomax.images import write_png
from tf_infomax.metrics import Metric
from tf_infomax.plots import Curve, curve_panels, scatter_panels
from tf_infomax.reproduction.curves import mean_curves, metric_curves
from tf_infomax.reproduction.experiment import Folders, finished_runs
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.types import Array

SAMPLES_FIGURE = "samples.png"
CURVES_FIGURE = "curves.png"

DrawSamples = Callable[[str, Path, Mapping[str, RunDirectory], int | None], None]
"""Draws samples of a dataset's runs, by row, into a folder; the last argument is `batch_statistics`."""


def draw_figures(
    dataset: str,
    output: Path,
    folders: Folders,
    *,
    draw_samples: DrawSamples,
    metrics: Mapping[str, Metric[Any]],
    batch_statistics: int | None = None,
) -> None:
    """Draws samples of each row's first seed, and mean curves over its seeds.

    Without the runs behind a table earlier figures are kept.

    Args:
        dataset: Name of the dataset.
        output: Folder of the figures.
        folders: Folders of the runs.
        draw_samples: Function that draws samples.
        metrics: Rows of metrics measured during training.
        batch_statistics: See `GAN.generate`.
    """
    runs = {row: finished_runs(own) for row, own in folders.items()}
    if not all(runs.values()):
        return
    draw_samples(dataset, output, {row: own[0] for row, own in runs.items()}, batch_statistics)
    curves = {row: mean_curves(metric_curves(run.logs) for run in own) for row, own in runs.items()}
    if any(curves.values()):  # Logs may have been removed.
        write_png(output / CURVES_FIGURE, metric_panels(curves, metrics))


def draw_points(
    dataset: str, output: Path, runs: Mapping[str, RunDirectory], batch_statistics: int | None = None
) -> None:
    """Draws the points of all rows over a mixture's, in one picture."""
    real, _ = data.MIXTURES[dataset].sample(NUM_POINTS, seed=0)
    points = {row: run.load_gan().generate(NUM_POINTS, batch_statistics=batch_statistics) for row, run in runs.items()}
    write_png(output / SAMPLES_FIGURE, scatter_panels({**points, "real": real}, real, columns=5))


def draw_images(
    dataset: str, output: Path, runs: Mapping[str, RunDirectory], batch_statistics: int | None = None
) -> None:
    """Draws a grid of images for each row, in a file of its own."""
    for row, run in runs.items():
        write_png(output / f"samples-{row}.png", sample_grid(run.load_gan()))


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
