"""A discriminator whose task changes again and again: InfoMax-GAN's Figure 2."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.files import write_json
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
    one_vs_rest,
)
from tf_infomax.reproduction.natural_table import natural_data
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.types import Array

WEIGHTS: Mapping[str, float] = {"classifier": 0.0, "classifier-im": 0.2, "classifier-im-1": 1.0}
"""Weight of InfoMax by row: none, the paper's, and five times that."""
ACCURACY_FILE = "accuracy.json"
CLAIMS = (
    Claim(
        text="With InfoMax a classifier loses less when the class changes",
        source="InfoMax-GAN, Figure 2",
        column="drop",
        better="lower",
        pairs=[("classifier-im", "classifier")],
    ),
    Claim(
        text="With InfoMax a classifier is more accurate while classes change",
        source="InfoMax-GAN, Figure 2",
        column="mean",
        better="higher",
        pairs=[("classifier-im", "classifier")],
    ),
)


def forgetting(
    *,
    task_steps: int = 1000,
    num_tasks: int = 20,
    every: int = 100,
    num_test: int = 1000,
    options: ClassifierOptions = DEFAULT_OPTIONS,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        task_steps: Updates before the class changes.
        num_tasks: Changes, counting the first class; twice the number of classes are two cycles.
        every: Updates between measurements.
        num_test: Test images of a measurement, half of them of the class.
        options: Network and optimisation.
        data: Data with classes; CIFAR-10 if None.
    """
    data = natural_data(data)

    protocol = _Protocol(task_steps, num_tasks, every, num_test)

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        accuracies = _accuracies(WEIGHTS[row], seed, protocol, options, data)
        steps = [every * (index + 1) for index in range(len(accuracies))]
        write_json(folder / ACCURACY_FILE, {"steps": steps, "accuracy": accuracies})
        return summary(accuracies, points_per_task=task_steps // every)

    return Experiment(
        name="forgetting",
        title=(
            f"{data.title}: a discriminator of width {options.base_channels} tells one class from all others, half of "
            f"each batch of the class; the class changes every {task_steps:,} updates, {num_tasks} times; accuracy on "
            f"{num_test:,} test images of the class of the moment, of which half are of it."
        ),
        rows=tuple(WEIGHTS),
        columns={
            "before": "accuracy before a change %",
            "drop": f"drop within {every} updates after it (points)",
            "mean": "mean accuracy %",
            "second_half": "mean accuracy, second half %",
        },
        settings={
            **protocol._asdict(),
            "options": vars(options),
            "weights": dict(WEIGHTS),
            "data": data.settings,
        },
        measure=measure,
        illustrate=_draw,
        claims=CLAIMS,
    )


class _Protocol(NamedTuple):
    """The numbers of `forgetting`."""

    task_steps: int
    num_tasks: int
    every: int
    num_test: int


def _accuracies(
    weight: float, seed: int, protocol: _Protocol, options: ClassifierOptions, data: TableData
) -> list[float]:
    """Trains a classifier, and returns its accuracies in percent at regular updates."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    train, test = images_by_class(data, "train"), images_by_class(data, "test")
    if len(train) < 2:
        raise InputError(f"The data must have at least two classes. Received: {len(train)}")
    infomax = InfoMax(options.projection_dim, discriminator_weight=weight) if weight else None
    classifier = ContrastiveClassifier(train[0].shape[-1], options, infomax)
    tests = [one_vs_rest(test, number, protocol.num_test, (seed, number)) for number in range(len(test))]
    accuracies = []
    for step in range(protocol.num_tasks * protocol.task_steps):
        chosen = step // protocol.task_steps % len(train)
        images, targets = one_vs_rest(train, chosen, options.batch_size, (seed, step, 1))
        classifier.update(tf.constant(images), tf.constant(targets))
        if (step + 1) % protocol.every == 0:
            accuracies.append(_accuracy(classifier, *tests[chosen]))
    return accuracies


def _accuracy(classifier: ContrastiveClassifier, images: Array, targets: Array) -> float:
    return 100.0 * float(np.mean((classifier.logits(tf.constant(images)).numpy() > 0) == (targets > 0.5)))


def summary(accuracies: Sequence[float], *, points_per_task: int) -> dict[str, float]:
    """Returns the numbers of one curve.

    Args:
        accuracies: Accuracies in percent, in order.
        points_per_task: Measurements of each task.

    Returns:
        `before`, the mean of each task's last accuracy but the last task's; `drop`, the mean fall from there to the
        next task's first accuracy; `mean`, over all; `second_half`, over the second half.
    """
    last = np.array(accuracies[points_per_task - 1 :: points_per_task][:-1])
    first = np.array(accuracies[points_per_task::points_per_task])
    return {
        "before": float(last.mean()),
        "drop": float((last - first).mean()),
        "mean": float(np.mean(accuracies)),
        "second_half": float(np.mean(accuracies[len(accuracies) // 2 :])),
    }


def _draw(output: Path, folders: Folders) -> None:
    """Draws the accuracies over the updates; without the files of all rows an earlier picture is kept."""
    files = {
        row: [path / ACCURACY_FILE for path in own if (path / ACCURACY_FILE).exists()] for row, own in folders.items()
    }
    if all(files.values()):
        curves = {row: mean_curve([_curve(path) for path in paths]) for row, paths in files.items()}
        panel = {"accuracy on the class of the moment (%)": curves}
        write_png(output / CURVES_FIGURE, curve_panels(panel, x_label="updates", columns=1))


def _curve(path: Path) -> Curve:
    recorded = json.loads(path.read_text())
    return Curve(recorded["steps"], recorded["accuracy"])
