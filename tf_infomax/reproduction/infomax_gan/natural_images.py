"""SNGAN, InfoMax-GAN, SSGAN and SSGAN + IM on natural images of 32 px: InfoMax-GAN's Tables 1 and 2, Figure 4."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_infomax.metrics import IMAGE_METRICS
from tf_infomax.presets import PRESETS, Preset, preset_named
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import draw_curves, draw_grids, runs_by_row
from tf_infomax.reproduction.run_table import run_table
from tf_infomax.reproduction.table_data import TableData

METHODS = ("sngan", "infomax-gan", "ssgan", "ssgan-im")
Size = Mapping[str, Any]
"""Settings that decide how large networks and batches are, by name."""
SMALL: Size = {
    "generator.base_channels": 32,
    "discriminator.base_channels": 16,
    "objectives.infomax.projection_dim": 128,
}
"""An eighth of the published widths: a third of a second a step on two cores."""
TINY: Size = {
    "generator.base_channels": 8,
    "discriminator.base_channels": 8,
    "objectives.infomax.projection_dim": 8,
    "batch_size": 8,
}
"""For a check."""
METRICS = ("fid", "kid", "precision", "recall")
CURVE_POINTS = 8
"""Measurements during training."""
CLAIMS = (
    Claim(
        text="InfoMax-GAN is nearer to the data than SNGAN",
        source="InfoMax-GAN, Table 1",
        column="fid",
        better="lower",
        pairs=[("infomax-gan", "sngan")],
    ),
    Claim(
        text="SSGAN is nearer to them than SNGAN",
        source="InfoMax-GAN, Table 1",
        column="fid",
        better="lower",
        pairs=[("ssgan", "sngan")],
    ),
    Claim(
        text="InfoMax improves SSGAN",
        source="InfoMax-GAN, Table 2",
        column="fid",
        better="lower",
        pairs=[("ssgan-im", "ssgan")],
    ),
    Claim(
        text="Samples of InfoMax-GAN are more diverse than SNGAN's",
        source="InfoMax-GAN, section 3.3",
        column="recall",
        better="higher",
        pairs=[("infomax-gan", "sngan")],
    ),
)


def natural_images(
    *,
    steps: int = 6000,
    num_images: int = 10_000,
    size: Size = SMALL,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Generator steps of each run.
        num_images: Generated and real images per measurement.
        size: Size of the networks.
        data: Data of the runs; CIFAR-10 with Inception's features if None.
    """
    data = natural_data(data)
    published = {row: {"fid": PRESETS[f"{row}-cifar10"].published["fid"]} for row in METHODS}
    return natural_table(
        "natural-images",
        {method: small_preset(method, data, size, steps=steps) for method in METHODS},
        size,
        steps,
        num_images,
        data,
        watched=METRICS,
        published=published,
        illustrate=_draw,
        claims=CLAIMS,
    )


def natural_table(
    name: str,
    presets: Mapping[str, Preset],
    size: Size,
    steps: int,
    num_images: int,
    data: TableData,
    *,
    watched: Sequence[str],
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
        title=_title(data, size, steps, num_images),
        columns=_columns(data),
        **parts,
    )


def natural_data(data: TableData | None) -> TableData:
    """Returns the data of tables on natural images: the paper's where none are given."""
    return (data or TableData()).or_else("cifar10", "inception")


def small_preset(method: str, data: TableData, size: Size, **changes: Any) -> Preset:
    """Returns a method with networks of a size, and other changes."""
    preset = data.preset(preset_named(f"{method}-cifar10"))
    known = {name for name, _ in preset.items()}
    return preset.override({name: value for name, value in size.items() if name in known} | changes)


def _title(data: TableData, size: Size, steps: int, num_images: int) -> str:
    """Returns the protocol in a sentence."""
    return (
        f"{data.title}, 32 px ResNets of width {size['generator.base_channels']} (generator) and "
        f"{size['discriminator.base_channels']} (discriminator), R {size['objectives.infomax.projection_dim']}, "
        f"{steps:,} generator steps each; {num_images:,} generated against {num_images:,} real images, features of "
        f"{data.feature_title}. Published: CIFAR-10, full widths, 100,000 steps, FID on Inception."
    )


def _columns(data: TableData) -> dict[str, str]:
    """Returns the columns; a distance on other features than Inception's is no FID."""
    names = {"fid": "FD", "kid": "KD"} if data.features != "inception" else {"fid": "FID", "kid": "KID"}
    return {**names, "precision": "precision", "recall": "recall", "floor_fid": "floor"}


def _draw(output: Path, folders: Folders) -> None:
    runs = runs_by_row(folders)
    draw_grids(output, runs)
    draw_curves(output, runs, {name: IMAGE_METRICS[name] for name in METRICS})
