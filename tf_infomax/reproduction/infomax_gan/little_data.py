"""SNGAN and InfoMax-GAN on few images, without augmentation, with DiffAugment and with adaptive augmentation."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tf_infomax.presets import preset_named
from tf_infomax.presets.game import AugmentationName
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import draw_scalars, runs_by_row
from tf_infomax.reproduction.natural_table import CURVE_POINTS, METRICS, Size, draw_natural, metric_columns, sized
from tf_infomax.reproduction.run_table import run_table
from tf_infomax.reproduction.table_data import TableData

METHODS = ("sngan", "infomax-gan")
AUGMENTATIONS: Mapping[str, AugmentationName | None] = {"": None, "-diffaugment": "diffaugment", "-ada": "ada"}
"""Augmentations by the end of a row's name."""
ROWS = {f"{method}{end}": (method, augment) for method in METHODS for end, augment in AUGMENTATIONS.items()}
"""Method and augmentation of each row."""
DIGITS = "digits"
COLOUR = {"image_size": 32, "num_channels": 3}
"""Images of other data, on the same networks."""

STEPS = 5000
"""Generator steps of a run."""
VERY_FEW = 100
"""Images to train on in the second experiment."""

WATCHED = 1000
"""Images in a measurement during training: features of natural images would else take longer than the training."""


def _claim(text: str, source: str, end: str) -> Claim:
    pairs = [(f"{method}{end}", method) for method in METHODS]
    return Claim(text=text, source=source, column="fid", better="lower", pairs=pairs)


CLAIMS = (
    _claim("With DiffAugment samples are nearer to the data", "Zhao et al., NeurIPS 2020, section 4", "-diffaugment"),
    _claim("With adaptive augmentation they are nearer", "Karras et al., NeurIPS 2020, section 4", "-ada"),
    Claim(
        text="InfoMax-GAN is nearer to the data than SNGAN, augmented or not",
        source="our question",
        column="fid",
        better="lower",
        pairs=[(f"infomax-gan{end}", f"sngan{end}") for end in AUGMENTATIONS],
    ),
)


def very_little_data(*, steps: int = STEPS, num_training_images: int = VERY_FEW, **options: Any) -> Experiment:
    """Returns the same with so few images that a discriminator learns them by heart within the steps.

    Args:
        steps: Generator steps of each run.
        num_training_images: Images to train on.
        **options: Other options of `little_data`.
    """
    return little_data(name="very-little-data", steps=steps, num_training_images=num_training_images, **options)


def little_data(
    *,
    name: str = "little-data",
    steps: int = STEPS,
    num_training_images: int | None = None,
    num_images: int | None = None,
    size: Size | None = None,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        name: Name of the experiment.
        steps: Generator steps of each run.
        num_training_images: Images to train on; 1,000 of the digits or 2,000 of other data if None.
        num_images: Generated images per measurement, and real ones of the whole training split; all 4,000 of the
            digits or 5,000 if None.
        size: Settings that decide how large networks and batches are, by name; those of the presets if None.
        data: Data of the runs; the digits if None. Others are 32 px images in colour.
    """
    data = (data or TableData()).or_else(DIGITS)
    few, many, kind = (1000, 4000, {}) if data.dataset == DIGITS else (2000, 5000, COLOUR)
    few, many = num_training_images or few, num_images or many
    common = {**kind, "steps": steps, "num_training_images": few}
    presets = {
        row: sized(data.preset(preset_named(f"{method}-digits")), size or {}).override({**common, "augment": augment})
        for row, (method, augment) in ROWS.items()
    }
    return run_table(
        name,
        presets,
        run_options=data.run_options(
            metrics_every=max(1, steps // CURVE_POINTS), metrics=METRICS, num_watched=min(many, WATCHED)
        ),
        evaluation=data.evaluation(metrics=METRICS, num_real=many, num_fake=many),
        settings={"steps": steps, "num_training_images": few, "num_images": many, "data": data.settings},
        title=(
            f"{data.title}, {few:,} images to train on, {steps:,} generator steps each; {many:,} generated against "
            f"{many:,} real images of the whole training split, features of {data.feature_title}."
        ),
        columns=metric_columns(data),
        illustrate=functools.partial(_draw, data=data),
        claims=CLAIMS,
        check=lambda rows: data.check(image_size=presets[METHODS[0]].data.image_size, num_images=max(few, many)),
    )


def _draw(output: Path, folders: Folders, *, data: TableData) -> None:
    """Draws a grid of samples for each row, the metrics over training, and how augmentation was adapted."""
    draw_natural(output, folders, data=data)
    adaptive = {row: own for row, own in runs_by_row(folders).items() if ROWS[row][1] == "ada"}
    draw_scalars(output / "augmentation.png", adaptive, SCALARS)


SCALARS = {
    "augmentation/probability": "probability of each change",
    "augmentation/sign": "mean sign of real logits",
}
"""Scalars of a run's log, with the labels of their axes."""
