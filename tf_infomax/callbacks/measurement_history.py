"""The history of measurements during training, in memory and in a file."""

import json
import logging
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tf_infomax.errors import InputError
from tf_infomax.files import write_json

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)


class Measured(NamedTuple):
    """One measurement during training.

    Attributes:
        step: Training step.
        metrics: Values by metric.
        spread: How far the samples lie apart, see `health.Spread`.
    """

    step: int
    metrics: Mapping[str, float]
    spread: float


class MeasurementHistory:
    """The measurements of a run, by step.

    The file holds the protocol and a list of measurements; numbers that are not finite are null in it. It is written
    after each measurement, so one that is missing there was not completed.

    Args:
        path: The file; None to keep the history in memory alone.
        protocol: What all measurements have in common: features, number of samples. Those of another one are dropped,
            as their numbers cannot be compared.
    """

    def __init__(self, path: Path | None, protocol: Mapping[str, Any]) -> None:
        self.path = path
        self.protocol = dict(protocol)
        self.measurements: list[Measured] = []

    def resume(self, step: int) -> None:
        """Goes back to what had been measured by a training step: later measurements will be made again."""
        self.measurements = [measured for measured in self._stored() if measured.step <= step]

    def has(self, step: int) -> bool:
        """Whether samples of a training step were measured."""
        return any(measured.step == step for measured in self.measurements)

    def add(self, measured: Measured) -> None:
        """Adds a measurement, which replaces one of the same step."""
        self.measurements = [earlier for earlier in self.measurements if earlier.step < measured.step] + [measured]
        if self.path is not None:
            write_json(self.path, {**self.protocol, "measurements": list(map(_to_json, self.measurements))})

    def _stored(self) -> list[Measured]:
        if self.path is None or not self.path.exists():
            return self.measurements
        try:
            protocol, measurements = read_measurements(self.path)
        except InputError as error:
            _logger.warning("warning: %s; the measurements before this step are lost", error)
            return []
        return measurements if protocol == self.protocol else []


def read_measurements(path: Path) -> tuple[dict[str, Any], list[Measured]]:
    """Reads the file of a history: the protocol and the measurements in the order of steps.

    Raises:
        OSError: There is no such file.
        InputError: The file is damaged.
    """
    try:
        protocol = dict(json.loads(path.read_bytes()))
        return protocol, list(map(_from_json, protocol.pop("measurements")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is damaged ({type(error).__name__}: {error})") from error


def _to_json(measured: Measured) -> dict[str, Any]:
    metrics = {name: _finite_or_none(value) for name, value in measured.metrics.items()}
    return {"step": measured.step, "spread": _finite_or_none(measured.spread), "metrics": metrics}


def _from_json(row: Mapping[str, Any]) -> Measured:
    metrics = {name: _number(value) for name, value in row["metrics"].items()}
    return Measured(row["step"], metrics, _number(row["spread"]))


def _finite_or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None  # JSON has no other numbers.


def _number(value: float | None) -> float:
    return math.nan if value is None else value
