"""Signs of trouble in the measurements of a run: a plateau, and the collapse of the generator."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tf_infomax.callbacks.measurement_history import Measured
from tf_infomax.images import are_images
from tf_infomax.types import Array

PLATEAU_LENGTH = 10
"""Measurements without improvement that make a plateau."""
IMPROVEMENT = 0.01
"""Least relative improvement that ends a plateau."""
LEAST_GREY_LEVELS = 0.5
"""Mean deviation between images below which all are the same."""
LEAST_EXTENT = 1e-6
"""Extent of points, relative to that of the data, below which all are the same."""

_BATCH = 256


@dataclass(frozen=True)
class Spread:
    """How far samples lie apart.

    Attributes:
        measure: Maps samples to their spread.
        least: Spread below which all samples count as the same.
        text: The finding about such samples, with a place for the spread.
    """

    measure: Callable[[Array], float]
    least: float
    text: str


def spread_like(real: Array) -> Spread:
    """Returns the spread of samples like real ones.

    Args:
        real: Images (N, H, W, C) uint8, whose spread is the mean deviation in grey levels; or points (N, D), whose
            spread is their extent relative to that of the real ones.
    """
    if are_images(real.shape[1:]):
        return Spread(mean_deviation, LEAST_GREY_LEVELS, "images differ by {:.2g} grey levels on average")
    unit = extent(real)
    return Spread(
        lambda points: extent(points) / unit, LEAST_EXTENT, "all points lie within {:.1g} of the data's extent"
    )


def mean_deviation(images: Array) -> float:
    """Returns the mean over pixels and channels of the deviation between images (N, H, W, C) uint8, in grey levels."""
    total = np.zeros(images.shape[1:], np.int64)
    squares = np.zeros(images.shape[1:], np.int64)
    for start in range(0, len(images), _BATCH):  # All images as int64 would take eight times their memory.
        batch = images[start : start + _BATCH].astype(np.int64)
        total += batch.sum(axis=0)
        squares += (batch**2).sum(axis=0)
    variance = (len(images) * squares - total**2) / len(images) ** 2  # Exact until the division.
    return float(np.sqrt(variance).mean())


def extent(points: Array) -> float:
    """Returns the largest range of a coordinate of points (N, D)."""
    return float(np.ptp(points, axis=0).max())


@dataclass(frozen=True)
class Collapse:
    """A fall of a metric, of which higher values are better.

    Attributes:
        metric: Name of the metric.
        fallen: Maps the best value so far to the one below which the metric has fallen.
        recovered: Maps it to the one above which it has recovered, and may fall again.
        text: The finding, with places for `value`, `best` and `best_step`.
    """

    metric: str
    fallen: Callable[[float], float]
    recovered: Callable[[float], float]
    text: str


COLLAPSES = (
    Collapse(
        "modes",
        fallen=lambda best: 0.5 * best,
        recovered=lambda best: 0.75 * best,
        text="{value:.0f} modes, fewer than half of the {best:.0f} at step {best_step}",
    ),
    Collapse(
        "recall",
        fallen=lambda best: 0.05,
        recovered=lambda best: 0.2,
        text="recall {value:.3f} after {best:.3f} at step {best_step}",
    ),
)
"""Falls that are a collapse of the generator."""


def findings(history: Sequence[Measured], *, spread: Spread, distance: str | None) -> list[str]:
    """Returns what the last measurement shows for the first time, a line for each event.

    An event is over when the samples recover; what happens again after that is another one.

    Args:
        history: Measurements in the order of steps, at least one.
        spread: Spread of the samples.
        distance: Metric to look for a plateau of, of which lower values are better; None for none.

    Returns:
        Lines such as "step 3500: 212 modes, fewer than half of the 480 at step 2000: the generator is collapsing".
    """
    events = [constant_samples(history, spread), *(collapse(history, row) for row in COLLAPSES)]
    if distance is not None:
        events.append(plateau(history, distance))
    return [f"step {history[-1].step}: {event}" for event in events if event]


def plateau(history: Sequence[Measured], metric: str) -> str | None:
    """Returns the finding if a plateau of a metric begins with the last measurement.

    It is one where the lowest value has become lower by less than 1% over the last 10 measurements.
    """
    values = list(_values(history, metric))
    if not _is_last(values, history) or not _is_flat(values) or _is_flat(values[:-1]):
        return None
    best, best_step = min((value, step) for step, value in values)
    return (
        f"{metric} has improved by less than {IMPROVEMENT:.0%} over the last {PLATEAU_LENGTH} measurements (best "
        f"{best:.4g} at step {best_step}): training has reached a plateau"
    )


def _is_flat(values: Sequence[tuple[int, float]]) -> bool:
    lowest = np.minimum.accumulate([value for _, value in values])
    if len(lowest) <= PLATEAU_LENGTH:
        return False
    before = lowest[-1 - PLATEAU_LENGTH]
    return bool(before - lowest[-1] < IMPROVEMENT * abs(before))


def collapse(history: Sequence[Measured], row: Collapse) -> str | None:
    """Returns the finding if a metric falls with the last measurement."""
    values = list(_values(history, row.metric))
    best, best_step, may_fall, falls = -math.inf, 0, False, False
    for step, value in values:
        if value > best:
            best, best_step = value, step
        falls = may_fall and value < row.fallen(best)
        may_fall = value > row.recovered(best) or (may_fall and not falls)
    if not falls or not _is_last(values, history):
        return None
    return f"{row.text.format(value=values[-1][1], best=best, best_step=best_step)}: the generator is collapsing"


def constant_samples(history: Sequence[Measured], spread: Spread) -> str | None:
    """Returns the finding if all samples are the same, for the first time, in the last measurement."""
    *earlier, last = (measured.spread < spread.least for measured in history[-2:])
    if not last or any(earlier):
        return None
    return f"{spread.text.format(history[-1].spread)}: the generator makes a single sample"


def _values(history: Sequence[Measured], metric: str) -> Iterator[tuple[int, float]]:
    """Yields steps and finite values of a metric."""
    for measured in history:
        value = measured.metrics.get(metric, math.nan)
        if math.isfinite(value):
            yield measured.step, value


def _is_last(values: Sequence[tuple[int, float]], history: Sequence[Measured]) -> bool:
    return bool(values) and values[-1][0] == history[-1].step
