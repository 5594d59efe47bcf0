"""Modes of stacked MNIST: InfoMax-GAN's Table 5, with variational entropy beside InfoMax."""

from pathlib import Path
from typing import Literal

from tf_infomax import VariationalEntropy
from tf_infomax.metrics import IMAGE_METRICS
from tf_infomax.presets import PRESETS, Preset, preset_named
from tf_infomax.presets.settings import settings
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import draw_curves, draw_grids, runs_by_row
from tf_infomax.reproduction.run_table import run_table
from tf_infomax.reproduction.table_data import TableData

WIDTHS = {"quarter": "K = 1/4", "half": "K = 1/2"}
"""Width of the discriminator relative to the generator's."""
ENDINGS = ("", "-im", "-ver", "-im-ver")
COLUMNS = {"modes": "modes of 1,000", "modes_kl": "KL to uniform (nats)"}
CURVE_POINTS = 25
"""Measurements during training."""


def _claim(text: str, column: str, better: Literal["lower", "higher"], width: str) -> Claim:
    row = f"dcgan-{width}"
    return Claim(
        text=f"{text}, {WIDTHS[width]}",
        source="InfoMax-GAN, Table 5",
        column=column,
        better=better,
        pairs=[(f"{row}-im", row)],
    )


CLAIMS = tuple(
    claim
    for width in WIDTHS
    for claim in (
        _claim("DCGAN finds more modes with InfoMax", "modes", "higher", width),
        _claim("With InfoMax its samples are nearer to uniform over the modes", "modes_kl", "lower", width),
    )
)


def stacked_mnist(*, steps: int = 50_000, num_samples: int = 25_600, data: TableData | None = None) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Generator steps of each run.
        num_samples: Generated images of the table.
        data: Data of the runs; stacked MNIST if None.
    """
    data = (data or TableData()).or_else("stacked-mnist")
    rows = [f"dcgan-{width}{ending}" for width in WIDTHS for ending in ENDINGS]
    return run_table(
        "stacked-mnist",
        {row: data.preset(_preset(row)).override({"steps": steps}) for row in rows},
        run_options=data.run_options(
            metrics_every=max(1, steps // CURVE_POINTS),
            metrics=tuple(COLUMNS),
            num_watched=min(num_samples, 10_000),
            sample_every=max(1, steps // CURVE_POINTS),
        ),
        evaluation=data.evaluation(metrics=tuple(COLUMNS), num_real=2, num_fake=num_samples),
        settings={"steps": steps, "num_samples": num_samples, "data": data.settings},
        title=(
            f"{data.title}, DCGANs of Unrolled GAN whose discriminator has K times the generator's width, alone, with "
            f"InfoMax (IM) and with variational entropy (VER); {steps:,} generator steps each; {num_samples:,} "
            f"generated images, classified by {data.feature_title}. Published: 500,000 steps, another classifier."
        ),
        columns=COLUMNS,
        published={row: dict(PRESETS[f"{row}-stacked-mnist"].published) for row in rows if "ver" not in row},
        illustrate=_draw,
        claims=CLAIMS,
    )


def _preset(row: str) -> Preset:
    """Returns the preset of a row; those with entropy are made of the others."""
    base = row.removesuffix("-ver")
    preset = preset_named(f"{base}-stacked-mnist")
    return preset if base == row else preset.with_objective(settings(VariationalEntropy))


def _draw(output: Path, folders: Folders) -> None:
    runs = runs_by_row(folders)
    draw_grids(output, runs)
    for width in WIDTHS:  # One finds tens of modes, the other hundreds.
        own = {row: of_row for row, of_row in runs.items() if row.startswith(f"dcgan-{width}")}
        draw_curves(output / f"curves-{width}.png", own, {name: IMAGE_METRICS[name] for name in COLUMNS})
