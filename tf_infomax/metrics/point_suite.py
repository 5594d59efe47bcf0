"""The suite of points."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tf_infomax.data import GaussianMixture
from tf_infomax.metrics.metric import Metric
from tf_infomax.metrics.point_metrics import POINT_METRICS, PointPair
from tf_infomax.metrics.suite import Suite
from tf_infomax.metrics.two_sample import SamplePair
from tf_infomax.types import Array

POINTS = "points"
"""Placeholder for the name of features in results."""


@dataclass(frozen=True, kw_only=True)
class PointSuite(Suite[Array, SamplePair]):
    """All metrics of points (N, D).

    Attributes:
        mixture: Mixture of the data; without it, metrics that need its components are left out.
    """

    mixture: GaussianMixture | None
    metrics: Mapping[str, Metric[Any]] = field(default_factory=lambda: dict(POINT_METRICS))
    default_size: ClassVar[int] = 2_500

    @property
    def feature_name(self) -> str:
        return POINTS

    @property
    def has_modes(self) -> bool:
        return self.mixture is not None

    def extract(self, samples: Array) -> Array:
        return samples

    def first(self, features: Array, num_samples: int) -> Array:
        return features[:num_samples]

    def pair(self, real: Array, fake: Array, *, seed: int = 0) -> SamplePair:
        if self.mixture is None:
            return SamplePair(real, fake)
        return PointPair(real, fake, means=self.mixture.means, std=self.mixture.std)
