"""The experiments by name."""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.reproduction.deep_infomax.ablations import deep_infomax_ablations
from tf_infomax.reproduction.deep_infomax.digits import deep_infomax_digits
from tf_infomax.reproduction.deep_infomax.estimators import estimators
from tf_infomax.reproduction.deep_infomax.generator import deep_infomax_generator
from tf_infomax.reproduction.deep_infomax.natural_images import deep_infomax_natural
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.infomax_gan.contrast_study import contrast_digits, contrast_natural
from tf_infomax.reproduction.infomax_gan.contrastive_classifier import ClassifierOptions
from tf_infomax.reproduction.infomax_gan.cost import cost
from tf_infomax.reproduction.infomax_gan.forgetting import forgetting
from tf_infomax.reproduction.infomax_gan.little_data import little_data, very_little_data
from tf_infomax.reproduction.infomax_gan.methods_digits import methods_digits
from tf_infomax.reproduction.infomax_gan.mode_collapse import mode_collapse
from tf_infomax.reproduction.infomax_gan.natural_images import natural_images
from tf_infomax.reproduction.infomax_gan.natural_variations import ablations, sensitivity, stability
from tf_infomax.reproduction.infomax_gan.stacked_mnist import stacked_mnist
from tf_infomax.reproduction.natural_table import TINY
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.reproduction.ver.tables import ver_table, ver_table_mnist, weight_sweep


@dataclass(frozen=True)
class ExperimentRow:
    """Factory of an experiment, and the arguments of a quick one that only checks that everything works."""

    make: Callable[..., Experiment]
    """Returns the experiment."""
    quick: Mapping[str, Any] = field(default_factory=lambda: {"steps": 20, "num_samples": 200})
    """Arguments of `make` for a few steps of everything."""
    takes_data: bool = False
    """Whether `make` has the argument `data`, a `TableData`."""


_STACKED, _DIGITS = TableData(dataset="stacked-digits"), TableData(dataset="digits")
"""Data that need no download, for a check."""
_BRIEF_PROBES = {"estimator_steps": 2, "mlp_epochs": 1, "num_images": 100, "narrow": True, "data": _DIGITS}
_NARROW = ClassifierOptions(base_channels=8, projection_dim=8, batch_size=16)
_FEW = {
    "steps": 1,
    "num_training_images": 20,
    "num_images": 50,
    "size": {name: value for name, value in TINY.items() if name != "num_channels"},
}

EXPERIMENTS: Mapping[str, ExperimentRow] = {
    "methods-digits": ExperimentRow(methods_digits, {"steps": 50, "num_images": 500}),
    "stacked-mnist": ExperimentRow(
        stacked_mnist,
        {"steps": 1, "num_samples": 100, "data": _STACKED},
        takes_data=True,
    ),
    "natural-images": ExperimentRow(
        natural_images,
        {"steps": 1, "num_images": 50, "num_probed": 200, "size": TINY, "data": _DIGITS},
        takes_data=True,
    ),
    "little-data": ExperimentRow(little_data, _FEW, takes_data=True),
    "very-little-data": ExperimentRow(very_little_data, _FEW, takes_data=True),
    "forgetting": ExperimentRow(
        forgetting,
        {"task_steps": 2, "num_tasks": 4, "every": 1, "num_test": 20, "options": _NARROW, "data": _DIGITS},
        takes_data=True,
    ),
    "mode-collapse": ExperimentRow(
        mode_collapse,
        {"steps": 2, "every": 1, "num_batches": 2, "options": _NARROW, "data": _DIGITS},
        takes_data=True,
    ),
    **{
        name: ExperimentRow(make, {"steps": 1, "num_images": 50, "size": TINY, "data": _DIGITS}, takes_data=True)
        for name, make in (
            ("stability", stability),
            ("sensitivity", sensitivity),
            ("ablations", ablations),
            ("deep-infomax-generator", deep_infomax_generator),
        )
    },
    "contrast-digits": ExperimentRow(contrast_digits, {"steps": 1, "num_images": 100}),
    "contrast-natural": ExperimentRow(
        contrast_natural, {"steps": 1, "num_images": 50, "size": TINY, "data": _DIGITS}, takes_data=True
    ),
    "cost": ExperimentRow(cost, {"steps": 1, "widths": (8, 8), "datasets": ("cifar10",), "discriminator_steps": (1,)}),
    "ver-table1": ExperimentRow(functools.partial(ver_table, "ring", 1)),
    "ver-table2": ExperimentRow(functools.partial(ver_table, "grid", 2)),
    "ver-table3": ExperimentRow(functools.partial(ver_table, "digits", 3)),
    "ver-table3-mnist": ExperimentRow(
        ver_table_mnist, {"steps": 20, "num_samples": 200, "data": _DIGITS}, takes_data=True
    ),
    "ver-weights-ring": ExperimentRow(functools.partial(weight_sweep, "ring")),
    "ver-weights-grid": ExperimentRow(functools.partial(weight_sweep, "grid")),
    "ver-weights-digits": ExperimentRow(functools.partial(weight_sweep, "digits")),
    "deep-infomax-cifar10": ExperimentRow(
        deep_infomax_natural, {"steps": 1, "decoder_steps": 2, **_BRIEF_PROBES}, takes_data=True
    ),
    "deep-infomax-ablations": ExperimentRow(deep_infomax_ablations, {"steps": 1, **_BRIEF_PROBES}, takes_data=True),
    "deep-infomax-digits": ExperimentRow(
        deep_infomax_digits,
        {"steps": 20, "estimator_steps": 20, "decoder_steps": 20, "mlp_epochs": 2, "num_images": 400},
    ),
    "estimators": ExperimentRow(estimators, {"steps": 10, "num_train": 200, "num_test": 50}),
}
"""Experiments of `tf-infomax reproduce`, by name."""


def make_experiment(
    name: str, *, quick: bool = False, data: TableData | None = None, steps: int | None = None
) -> Experiment:
    """Returns an experiment by name.

    Args:
        name: Its name.
        quick: Whether it takes a few steps of everything, as a check.
        data: Data of its runs, or places of its own data; its own if None.
        steps: Length of its runs; its own if None.

    Raises:
        InputError: There is no such experiment, it is for its own data alone, or its length cannot be chosen.
    """
    check_choice("name", name, EXPERIMENTS)
    row = EXPERIMENTS[name]
    arguments = dict(row.quick) if quick else {}
    if data is not None and data.is_given:
        if not row.takes_data:
            able = ", ".join(other for other, own in EXPERIMENTS.items() if own.takes_data)
            raise InputError(f"Other data are for {able}. Received: {name}")
        arguments["data"] = data.over(arguments.get("data"))
    if steps is not None:
        _check_steps(name, steps, quick)
        arguments["steps"] = steps
    return row.make(**arguments)


def takes_steps(name: str) -> bool:
    """Returns whether the runs of an experiment have one length, which can be chosen."""
    return "steps" in inspect.signature(EXPERIMENTS[name].make).parameters


def _check_steps(name: str, steps: int, quick: bool) -> None:
    check_positive(steps=steps)
    if quick:
        raise InputError(f"`steps` is for whole tables, `quick` has its own few. Received: {steps} with `quick`")
    if not takes_steps(name):
        able = ", ".join(other for other in EXPERIMENTS if takes_steps(other))
        raise InputError(f"`steps` is for {able}. Received: {name}")
