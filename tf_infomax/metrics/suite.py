"""Suites: all metrics of one kind of samples."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.metrics.metric import Measurement, Metric, choose
from tf_infomax.types import Array

FeaturesT = TypeVar("FeaturesT")
PairT = TypeVar("PairT")


@dataclasses.dataclass(frozen=True)
class Suite(ABC, Generic[FeaturesT, PairT]):
    """Rows of metrics on a common pair of samples.

    Attributes:
        metrics: Rows by their names in results, in order.
        default_size: Default number of samples of each kind.
    """

    metrics: Mapping[str, Metric[PairT]]
    default_size: ClassVar[int]

    @property
    @abstractmethod
    def feature_name(self) -> str:
        """Name of the features in results."""

    @property
    @abstractmethod
    def has_modes(self) -> bool:
        """Whether the modes of the data are known, for the metrics that need them."""

    @property
    def has_logits(self) -> bool:
        """Whether there are a classifier's logits, for the metrics that need them."""
        return True

    @abstractmethod
    def extract(self, samples: Array) -> FeaturesT:
        """Returns the features of N samples, all that metrics need."""

    def collect(self, chunks: Iterable[Array], folder: Path, *, num_samples: int) -> FeaturesT:
        """Returns the features of many samples, which come in parts.

        Args:
            chunks: Samples, together `num_samples`.
            folder: An existing folder, which may then hold features. It must stay as long as they are used.
            num_samples: Number of samples.
        """
        return self.extract(np.concatenate(list(chunks)))

    @abstractmethod
    def first(self, features: FeaturesT, num_samples: int) -> FeaturesT:
        """Returns the features of the first samples."""

    @property
    def feature_definition(self) -> str:
        """One sentence on the features; empty if samples are compared as they are."""
        return ""

    @property
    def provenance(self) -> dict[str, str | None]:
        """What a record says of the features: their name, the network's digest, and the resizing."""
        return {"features": self.feature_name, "features_sha256": None, "resize": None}

    @abstractmethod
    def pair(self, real: FeaturesT, fake: FeaturesT, *, seed: int) -> PairT:
        """Returns the pair for the rows' functions."""

    def define(self, metric: Metric[PairT]) -> str:
        """Returns one sentence on a row's estimator and features."""
        return metric.definition

    @property
    def watched(self) -> "Suite[FeaturesT, PairT]":
        """The suite of rows measured during training."""
        return dataclasses.replace(self, metrics={name: row for name, row in self.metrics.items() if row.watched})

    def only(self, names: Iterable[str]) -> "Suite[FeaturesT, PairT]":
        """Returns the suite of chosen rows, by their names or groups.

        Raises:
            InputError: There is no such row, or it needs modes or logits that are not known here.
        """
        chosen = choose(self.metrics, names)
        for name, row in chosen.items():
            if not self.applies(row):
                lacking = "modes" if row.needs_modes and not self.has_modes else "logits"
                raise InputError(f"The metric {name} needs {lacking}, and the features {self.feature_name} have none.")
        return self.exactly(chosen)

    def exactly(self, names: Iterable[str]) -> "Suite[FeaturesT, PairT]":
        """Returns the suite of rows by their names alone."""
        return dataclasses.replace(self, metrics={name: self.metrics[name] for name in names})

    def applies(self, metric: Metric[PairT]) -> bool:
        """Whether a row can be measured on these samples."""
        return (self.has_modes or not metric.needs_modes) and (self.has_logits or not metric.needs_logits)

    def measure(self, real: Array, fake: Array, *, seed: int = 0) -> dict[str, Measurement]:
        """Measures generated samples against real ones.

        Args:
            real: N real samples, at least as many as each row needs (`Metric.least`).
            fake: M generated samples, likewise.
            seed: Shuffles the samples for metrics that need them in random order.

        Returns:
            A measurement for each row that applies, in their order.

        Raises:
            InputError: The suite, or one of its metrics, does not take the samples.
        """
        return self.compare(self.extract(real), self.extract(fake), seed=seed)

    def compare(self, real: FeaturesT, fake: FeaturesT, *, seed: int = 0) -> dict[str, Measurement]:
        """Does the same as `measure`, on the results of `extract`."""
        pair = self.pair(real, fake, seed=seed)
        rows = {name: row for name, row in self.metrics.items() if self.applies(row)}
        return {name: self._measurement(row, row.measure(pair)) for name, row in rows.items()}

    def _measurement(self, metric: Metric[PairT], measured: Any) -> Measurement:
        result = measured if isinstance(measured, Measurement) else Measurement(measured)
        row = dataclasses.replace(metric, definition=result.definition or metric.definition)
        return dataclasses.replace(result, definition=self.define(row))
