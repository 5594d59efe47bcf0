"""The experiments by name."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tf_infomax.reproduction.deep_infomax_digits import deep_infomax_digits
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.methods_digits import methods_digits
from tf_infomax.reproduction.ver_tables import ver_table, weight_sweep


@dataclass(frozen=True)
class ExperimentRow:
    """Factory of an experiment, and the arguments of a quick one that only checks that everything works."""

    make: Callable[..., Experiment]
    """Returns the experiment."""
    quick: Mapping[str, Any] = field(default_factory=lambda: {"steps": 20, "num_samples": 200})
    """Arguments of `make` for a few steps of everything."""


EXPERIMENTS: Mapping[str, ExperimentRow] = {
    "methods-digits": ExperimentRow(methods_digits, {"steps": 50, "num_images": 500}),
    "ver-table1": ExperimentRow(functools.partial(ver_table, "ring", 1)),
    "ver-table2": ExperimentRow(functools.partial(ver_table, "grid", 2)),
    "ver-table3": ExperimentRow(functools.partial(ver_table, "digits", 3)),
    "ver-weights-ring": ExperimentRow(functools.partial(weight_sweep, "ring")),
    "ver-weights-grid": ExperimentRow(functools.partial(weight_sweep, "grid")),
    "ver-weights-digits": ExperimentRow(functools.partial(weight_sweep, "digits")),
    "deep-infomax-digits": ExperimentRow(
        deep_infomax_digits,
        {"steps": 20, "estimator_steps": 20, "decoder_steps": 20, "mlp_epochs": 2, "num_images": 400},
    ),
}
"""Experiments of `tf-infomax reproduce`, by name."""
