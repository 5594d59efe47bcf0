"""Figures 3 and 4 of GAN + VER: samples over the mixture, and metrics over training."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tf_infomax import data
from tf_infomax.callbacks.sample_grids import NUM_POINTS
from tf_infomax.images import write_png
from tf_infomax.metrics import Metric
from tf_infomax.plots import scatter_panels
from tf_infomax.reproduction.experiment import Folders
from tf_infomax.reproduction.figures import CURVES_FIGURE, SAMPLES_FIGURE, Runs, draw_curves, draw_grids, runs_by_row

DrawSamples = Callable[[str, Path, Runs, int | None], None]
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
    runs = runs_by_row(folders)
    if len(runs) < len(folders):
        return
    draw_samples(dataset, output, runs, batch_statistics)
    draw_curves(output / CURVES_FIGURE, runs, metrics)


def draw_points(dataset: str, output: Path, runs: Runs, batch_statistics: int | None = None) -> None:
    """Draws the points of all rows over a mixture's, in one picture."""
    real, _ = data.MIXTURES[dataset].sample(NUM_POINTS, seed=0)
    points = {
        row: first.load_gan().generate(NUM_POINTS, batch_statistics=batch_statistics)
        for row, (first, *_) in runs.items()
    }
    write_png(output / SAMPLES_FIGURE, scatter_panels({**points, "real": real}, real, columns=5))


def draw_images(dataset: str, output: Path, runs: Runs, batch_statistics: int | None = None) -> None:
    """Draws a grid of images for each row, in a file of its own."""
    draw_grids(output, runs)
