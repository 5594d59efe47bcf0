"""Metrics as rows of a table: title, definition and function."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from tf_infomax.errors import InputError

PairT = TypeVar("PairT", contravariant=True)
"""Real and generated samples, with the quantities that metrics share."""

Better = Literal["lower", "higher", "nearer 50"]

StdKind = Literal["seeds", "standard error", "subsets", "splits"]
"""Kinds of `std`: the population deviation over seeds, the standard error of one estimate, or the deviation over the
subsets or splits of one set of samples."""


@dataclass(frozen=True)
class Measurement:
    """One metric of one set of samples; `float(measurement)` is its value.

    Attributes:
        value: The metric.
        definition: One sentence: the estimator and, for images, the features. A row's function gives the estimator
            where it is not the row's, and the suite adds the features.
        std: The spread of `value` within these samples where the metric has one.
        std_kind: Kind of `std`; None exactly if it is.
        notes: Sentences on what these samples cannot show.
    """

    value: float
    definition: str = ""
    std: float | None = None
    std_kind: StdKind | None = None
    notes: tuple[str, ...] = ()

    def __float__(self) -> float:
        return float(self.value)


@dataclass(frozen=True, kw_only=True)
class Metric(Generic[PairT]):
    """A row of a table of metrics, under its name in results.

    Attributes:
        title: Title without the unit.
        definition: One sentence: the estimator.
        better: Which values are better.
        measure: Maps a pair of samples to the value, or to a measurement where there is more to say.
        unit: Unit; empty if there is none.
        group: A second name to choose it by, which it may share with other rows; empty if there is none.
        watched: Whether it is also measured during training by default.
        needs_modes: Whether it needs the modes of the data: a mixture's components, or classes that are the modes.
        needs_logits: Whether it needs the logits of a classifier.
        least: Fewest samples of each kind that it can be measured on.
        check_more: Raises an InputError where numbers of real and of generated samples do not do for another reason.
    """

    title: str
    definition: str
    better: Better
    measure: Callable[[PairT], float | Measurement]
    unit: str = ""
    group: str = ""
    watched: bool = True
    needs_modes: bool = False
    needs_logits: bool = False
    least: int = 2
    check_more: Callable[[int, int], None] = lambda num_real, num_fake: None

    @property
    def heading(self) -> str:
        """The title with its unit, for tables and axes."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def check_numbers(self, name: str, *, num_real: int, num_fake: int) -> None:
        """Raises an InputError if there are fewer samples than the row of this name needs."""
        if min(num_real, num_fake) < self.least:
            raise InputError(
                f"The metric {name} needs at least {self.least} samples of each kind. "
                f"Received: {num_real} real and {num_fake} generated ones"
            )
        self.check_more(num_real, num_fake)


def headings(metrics: Mapping[str, Metric[Any]]) -> dict[str, str]:
    """Returns headings of a table's columns by metric."""
    return {name: metric.heading for name, metric in metrics.items()}


def choose(metrics: Mapping[str, Metric[PairT]], names: Iterable[str]) -> dict[str, Metric[PairT]]:
    """Returns rows of a table by their names or groups, in the table's order.

    Raises:
        InputError: A name is neither.
    """
    wanted = list(names)
    known = dict.fromkeys([*metrics, *(row.group for row in metrics.values() if row.group)])
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise InputError(f"`metrics` must be among {', '.join(known)}. Received: {', '.join(unknown)}")
    return {name: row for name, row in metrics.items() if name in wanted or row.group in wanted}
