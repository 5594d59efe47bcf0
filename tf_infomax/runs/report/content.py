"""What a report shows, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tf_infomax.metrics import IMAGE_METRICS, POINT_METRICS, Metric
from tf_infomax.plots import Curve
from tf_infomax.types import Array


@dataclass(frozen=True, eq=False)
class Neighbours:
    """A generated image and the real images nearest to it.

    Attributes:
        sample: (H, W, C) uint8.
        nearest: (k, H, W, C) uint8, nearest first.
        distances: (k,): from the sample to each of them, in the space of the features.
    """

    sample: Array
    nearest: Array
    distances: Array


@dataclass(frozen=True, eq=False)
class Report:
    """Everything on the page of one model.

    Attributes:
        title: Heading of the page.
        facts: What is to be known of the run, by its name.
        samples: Generated images (N, H, W, C) uint8 of 1 or 3 channels, or points (N, D) floating point.
        real: Real ones of the same kind and size.
        neighbours: The nearest real images of some samples.
        curves: Metrics over training, by their names in results.
        floors: What real samples score in place of generated ones on the curves, by metric.
        records: Records as in metrics.json.
        typical: Median distance from a real image to the nearest other one; None if it is not known.
    """

    title: str
    facts: Mapping[str, str]
    samples: Array
    real: Array
    neighbours: Sequence[Neighbours] = ()
    curves: Mapping[str, Curve] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
    records: Sequence[Mapping[str, Any]] = ()
    typical: float | None = None

    @property
    def metrics(self) -> Mapping[str, Metric[Any]]:
        """Rows of the metrics of such samples, by their names in results."""
        of_points = self.samples.ndim == 2
        return {**IMAGE_METRICS, **POINT_METRICS} if of_points else {**POINT_METRICS, **IMAGE_METRICS}
