"""Figures 3 and 4 of GAN + VER: samples over the mixture, and metrics over training."""

from pathlib import Path

from tf_infomax import data
from tf_infomax.callbacks.sample_grids import NUM_POINTS, sample_grid
from tf_infomax.images import write_png
from tf_infomax.plots import Curve, curve_panels, scatter_panels
from tf_infomax.reproduction.curves import mean_curves, metric_curves
from tf_infomax.reproduction.experiment import Folders, finished_runs

SAMPLES_FIGURE = "samples.png"
CURVES_FIGURE = "curves.png"


def draw_figures(dataset: str, output: Path, folders: Folders, *, batch_statistics: int | None = None) -> None:
    """Draws the samples of each row's first seed, and the mean curves of its seeds.

    Without the runs behind a table the figures of an earlier time stay.

    Args:
        dataset: Name of the dataset.
        output: Folder of the figures; of images there is one file for each row.
        folders: Those of the runs.
        batch_statistics: How points are sampled, as for `GAN.generate`.
    """
    runs = {row: finished_runs(own) for row, own in folders.items()}
    if not all(runs.values()):
        return
    if dataset in data.MIXTURES:
        real, _ = data.MIXTURES[dataset].sample(NUM_POINTS, seed=0)
        points = {
            row: own[0].load_gan().generate(NUM_POINTS, batch_statistics=batch_statistics) for row, own in runs.items()
        }
        write_png(output / SAMPLES_FIGURE, scatter_panels({**points, "real": real}, real, columns=5))
    else:
        for row, own in runs.items():
            write_png(output / f"samples-{row}.png", sample_grid(own[0].load_gan()))
    curves = _by_metric({row: mean_curves(metric_curves(run.logs) for run in own) for row, own in runs.items()})
    if curves:  # Logs may have been removed.
        write_png(output / CURVES_FIGURE, curve_panels(curves, x_label="generator steps"))


def _by_metric(curves: dict[str, dict[str, Curve]]) -> dict[str, dict[str, Curve]]:
    metrics = dict.fromkeys(metric for own in curves.values() for metric in own)
    return {metric: {row: own[metric] for row, own in curves.items() if metric in own} for metric in metrics}
