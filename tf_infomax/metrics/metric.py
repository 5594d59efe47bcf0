"""Metrics as rows of a table: title, definition and function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

PairT = TypeVar("PairT", contravariant=True)
"""Real and generated samples, with the quantities that metrics share."""

Better = Literal["lower", "higher", "nearer 50"]


@dataclass(frozen=True)
class Measurement:
    """One metric of one set of samples; `float(measurement)` is its value.

    Attributes:
        value: The metric.
        definition: One sentence: the estimator and, for images, the features; the row's if empty.
        std: The standard error of `value` where the metric has one.
    """

    value: float
    definition: str = ""
    std: float | None = None

    def __float__(self) -> float:
        return float(self.value)


@dataclass(frozen=True, kw_only=True)
class Metric(Generic[PairT]):
    """A row of a table of metrics, under its name in results.

    Attributes:
        title: Title without the unit.
        definition: One sentence: the estimator.
        better: Which values are better.
        measure: Maps a pair of samples to the value, or to a measurement where there is a standard error.
        unit: Unit; empty if there is none.
        watched: Whether it is also measured during training.
        needs_modes: Whether it needs the modes of the data: a mixture's components, or classes that are the modes.
    """

    title: str
    definition: str
    better: Better
    measure: Callable[[PairT], float | Measurement]
    unit: str = ""
    watched: bool = True
    needs_modes: bool = False

    @property
    def heading(self) -> str:
        """The title with its unit, for tables and axes."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


def headings(metrics: Mapping[str, Metric[Any]]) -> dict[str, str]:
    """Returns headings of a table's columns by metric."""
    return {name: metric.heading for name, metric in metrics.items()}
