"""SNGAN, SSGAN, InfoMax-GAN and SSGAN + IM on stacked digits: a small version of InfoMax-GAN's Tables 1 and 2."""

from pathlib import Path

from tf_infomax.metrics import IMAGE_METRICS, headings
from tf_infomax.presets import preset_named
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import draw_grids, runs_by_row
from tf_infomax.reproduction.run_table import run_table
from tf_infomax.runs.options import EvaluationOptions, GANRunOptions

METHODS = ("sngan", "ssgan", "infomax-gan", "ssgan-im")
_FIRST_COLUMNS = ("fid", "modes", "modes_kl", "is")
_LEFT_OUT = ("kid", "kid_subsets", "is_splits", "precision", "recall", "density", "coverage")
"""Metrics left out: KID orders the methods as FID does; the others are later than the published table."""
CLAIMS = (
    Claim(
        text="InfoMax-GAN has a lower FID than SNGAN",
        source="InfoMax-GAN, Table 1",
        column="fid",
        better="lower",
        pairs=[("infomax-gan", "sngan")],
    ),
    Claim(
        text="SSGAN + IM has a lower FID than SSGAN",
        source="InfoMax-GAN, Tables 1 and 2",
        column="fid",
        better="lower",
        pairs=[("ssgan-im", "ssgan")],
    ),
)


def methods_digits(*, steps: int = 2000, num_images: int = 10_000) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
    """
    names = {method: f"{method}-stacked-digits" for method in METHODS}
    return run_table(
        "methods-digits",
        {method: preset_named(name).override({"steps": steps}) for method, name in names.items()},
        preset_names=names,
        run_options=GANRunOptions(metrics_every=0),
        evaluation=EvaluationOptions(num_real=num_images, num_fake=num_images),
        settings={"steps": steps, "num_images": num_images},
        title=(
            f"Stacked digits, {steps:,} generator steps each; {num_images:,} generated against {num_images:,} real "
            "images of the training split, features of the digit classifier."
        ),
        columns=columns(),
        illustrate=_draw_samples,
        claims=CLAIMS,
    )


def columns() -> dict[str, str]:
    """Returns the headings of metrics of images: those of the table, and your own."""
    titles = {**headings(IMAGE_METRICS), "modes": "modes of 1,000"}
    return {name: titles[name] for name in dict.fromkeys((*_FIRST_COLUMNS, *titles)) if name not in _LEFT_OUT}


def _draw_samples(output: Path, folders: Folders) -> None:
    draw_grids(output, runs_by_row(folders))
