"""The contrastive task on samples of simulated generators: InfoMax-GAN's Figure 3."""

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.files import lock_beside, locked, write_json
from tf_infomax.images import write_png
from tf_infomax.objectives import InfoMax
from tf_infomax.plots import Curve, curve_panels
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.curves import mean_curve
from tf_infomax.reproduction.experiment import Experiment, Folders
from tf_infomax.reproduction.figures import CURVES_FIGURE
from tf_infomax.reproduction.infomax_gan.contrastive_classifier import (
    DEFAULT_OPTIONS,
    ClassifierOptions,
    ContrastiveClassifier,
    images_by_class,
    shuffled_batches,
)
from tf_infomax.reproduction.natural_table import natural_data
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.types import Array

ALL, ONE_IMAGE = "all-classes", "one-image"
CLASS = "class-{}"
ACCURACIES_FILE = "contrast-seed-{}.json"
_SOURCE = "InfoMax-GAN, Figure 3"


def mode_collapse(
    *,
    steps: int = 5000,
    every: int = 250,
    num_batches: int = 20,
    num_classes: int = 10,
    options: ClassifierOptions = DEFAULT_OPTIONS,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Updates of the discriminator.
        every: Updates between measurements; the last update is measured in any case.
        num_batches: Batches of a measurement.
        num_classes: Classes of the data.
        options: Network and optimisation.
        data: Data with classes; CIFAR-10 if None.
    """
    data = natural_data(data)
    classes = [CLASS.format(number) for number in range(num_classes)]
    rows, protocol = (ALL, *classes, ONE_IMAGE), _Protocol(steps, every, num_batches)
    settings = {
        **protocol._asdict(),
        "options": vars(options),
        "data": data.settings,
    }

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        path = folder.parent / ACCURACIES_FILE.format(seed)  # One training gives all rows.
        with locked(lock_beside(path)):  # Of rows that are computed at once the others wait for the first.
            if not path.exists() or json.loads(path.read_text())["settings"] != settings:
                curves = _accuracies(rows, seed, protocol, options, data)
                write_json(path, {"settings": settings, "steps": protocol.measured_steps, "accuracies": curves})
            return {"accuracy": json.loads(path.read_text())["accuracies"][row][-1]}

    return Experiment(
        name="mode-collapse",
        title=(
            f"{data.title}: a discriminator of width {options.base_channels} learns to contrast training images for "
            f"{steps:,} updates; its contrastive accuracy on {num_batches} batches of {options.batch_size} test images "
            "that stand for the samples of a generator: of all classes, of one class, or one image again and again."
        ),
        rows=rows,
        columns={"accuracy": "contrastive accuracy"},
        settings=settings,
        measure=measure,
        illustrate=functools.partial(_draw, rows=rows),
        claims=_claims(classes),
    )


class _Protocol(NamedTuple):
    """The numbers of `mode_collapse`."""

    steps: int
    every: int
    num_batches: int

    @property
    def measured_steps(self) -> list[int]:
        """Updates after which there is a measurement."""
        return [step for step in range(1, self.steps + 1) if step % self.every == 0 or step == self.steps]


def _accuracies(
    rows: Sequence[str], seed: int, protocol: _Protocol, options: ClassifierOptions, data: TableData
) -> dict[str, list[float]]:
    """Trains one discriminator and returns its accuracies on the samples of every generator at regular updates."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    train, test = images_by_class(data, "train"), images_by_class(data, "test")
    _check_classes(test, len(rows) - 2, options.batch_size)
    infomax = InfoMax(options.projection_dim, discriminator_weight=1.0)
    classifier = ContrastiveClassifier(train[0].shape[-1], options, infomax)
    batches = shuffled_batches(np.concatenate(train), options.batch_size, seed)
    curves: dict[str, list[float]] = {row: [] for row in rows}
    measured = set(protocol.measured_steps)
    for step in range(1, protocol.steps + 1):
        classifier.update(tf.constant(next(batches)))
        if step in measured:
            for row, curve in curves.items():
                seeds = [(seed, number) for number in range(protocol.num_batches)]
                drawn = [samples(row, test, options.batch_size, own) for own in seeds]
                values = [float(classifier.contrastive_accuracy(tf.constant(batch))) for batch in drawn]
                curve.append(float(np.mean(values)))
    return curves


def _check_classes(test: Sequence[Array], num_classes: int, batch_size: int) -> None:
    """Raises an InputError unless each of the classes has a batch of test images."""
    fewest = min(map(len, test))
    if len(test) != num_classes or fewest < batch_size:
        wanted = f"{num_classes} classes with at least {batch_size} test images"
        raise InputError(f"The data must have {wanted}. Received: {len(test)}, the smallest with {fewest}")


def _claims(classes: list[str]) -> tuple[Claim, ...]:
    common: Mapping[str, Any] = {"source": _SOURCE, "column": "accuracy"}
    return (
        Claim(
            text="The contrast is solved better for all classes than for any single one",
            better="higher",
            pairs=[(ALL, row) for row in classes],
            each=True,
            **common,
        ),
        Claim(
            text="For one image the accuracy is near zero, below 0.01; here by its definition, as a tie is a miss",
            better="lower",
            pairs=[(ONE_IMAGE, 0.01)],
            **common,
        ),
    )


def samples(row: str, classes: list[Array], batch_size: int, seed: tuple[int, ...]) -> Array:
    """Draws a batch (B, H, W, C) uint8 as the generator of a row would."""
    rng = np.random.default_rng(seed)
    if row == ONE_IMAGE:
        own = classes[rng.integers(len(classes))]
        return np.repeat(own[rng.integers(len(own))][None], batch_size, axis=0)
    images = np.concatenate(classes) if row == ALL else classes[int(row.removeprefix(CLASS.format("")))]
    return images[rng.choice(len(images), batch_size, replace=False)]


def _draw(output: Path, folders: Folders, *, rows: tuple[str, ...]) -> None:
    """Draws the accuracies over the updates, those of single classes as one.

    Without the files of the trainings an earlier picture is kept.
    """
    first = folders[rows[0]]
    paths = [path.parent / ACCURACIES_FILE.format(path.name.rpartition("-")[2]) for path in first]
    found = [json.loads(path.read_text()) for path in paths if path.exists()]
    if not found:
        return
    groups = {ALL: [ALL], "one class": [row for row in rows if row not in (ALL, ONE_IMAGE)], ONE_IMAGE: [ONE_IMAGE]}
    curves = {}
    for name, group in groups.items():
        own = [record["accuracies"][row] for record in found for row in group]
        curves[name] = mean_curve([Curve(found[0]["steps"], values) for values in own])
    panel = {"contrastive accuracy": curves}
    write_png(output / CURVES_FIGURE, curve_panels(panel, x_label="updates", columns=1))
