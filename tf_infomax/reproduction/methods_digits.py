"""SNGAN, SSGAN, InfoMax-GAN and SSGAN + IM on stacked digits: a small version of InfoMax-GAN's Tables 1 and 2."""

from collections.abc import Mapping
from pathlib import Path

from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.images import write_png
from tf_infomax.metrics import IMAGE_METRICS, headings
from tf_infomax.presets import Preset, preset_named
from tf_infomax.reproduction.experiment import Experiment, Folders, finished_runs
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import evaluate_run
from tf_infomax.runs.options import EvaluationOptions, GANRunOptions
from tf_infomax.runs.training import train

METHODS = ("sngan", "ssgan", "infomax-gan", "ssgan-im")
_FIRST_COLUMNS = ("fid", "modes", "modes_kl", "is")
_LEFT_OUT = ("kid", "kid_subsets", "is_splits", "precision", "recall", "density", "coverage")
"""Metrics left out: KID orders the methods as FID does; the others are later than the published table."""


def methods_digits(*, steps: int = 2000, num_images: int = 10_000) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
    """
    settings = {
        "steps": steps,
        "num_images": num_images,
        "presets": {m: _preset(m, steps, 0).settings for m in METHODS},
    }

    def measure(method: str, seed: int, folder: Path) -> Mapping[str, float]:
        run = RunDirectory(folder)
        train(_preset(method, steps, seed), folder, name=_name(method), options=GANRunOptions(metrics_every=0))
        options = EvaluationOptions(num_real=num_images, num_fake=num_images, seeds=(seed,))
        records = evaluate_run(run, options)
        return {record["metric"]: record["value"] for record in records}

    return Experiment(
        name="methods-digits",
        title=(
            f"Stacked digits, {steps:,} generator steps each; {num_images:,} generated against {num_images:,} real "
            "images of the training split, features of the digit classifier."
        ),
        rows=METHODS,
        columns=columns(),
        settings=settings,
        measure=measure,
        illustrate=_draw_samples,
    )


def columns() -> dict[str, str]:
    """Returns the headings of metrics of images: those of the table, and your own."""
    titles = {**headings(IMAGE_METRICS), "modes": "modes of 1,000"}
    return {name: titles[name] for name in dict.fromkeys((*_FIRST_COLUMNS, *titles)) if name not in _LEFT_OUT}


def _draw_samples(output: Path, folders: Folders) -> None:
    """Writes a grid for each method, from its first seed; without its runs an earlier picture is kept."""
    for method, own in folders.items():
        if runs := finished_runs(own):
            write_png(output / f"samples-{method}.png", sample_grid(runs[0].load_gan()))


def _preset(method: str, steps: int, seed: int) -> Preset:
    return preset_named(_name(method)).override({"steps": steps, "seed": seed})


def _name(method: str) -> str:
    return f"{method}-stacked-digits"
