"""Mixtures of Gaussians: data whose modes are known."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tf_infomax.data.image_source import ImageSource
from tf_infomax.data.point_source import source_from_points
from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.types import Array

# Part of the datasets' definition: another value is another dataset.
_SEEDS = {"train": 20_200_901, "test": 20_200_902}


@dataclass(frozen=True, eq=False)
class GaussianMixture:
    """Normal distributions N(mean_k, std^2 I) with equal weights.

    Attributes:
        name: Name of the mixture.
        means: (K, D), the centres of the K components.
        std: Standard deviation of every component in every direction.

    Raises:
        InputError: The means are not a matrix or are empty, or the deviation is not positive.
    """

    name: str
    means: Array
    std: float

    def __post_init__(self) -> None:
        if self.means.ndim != 2 or not self.means.size:
            raise InputError(f"`means` must be a matrix (K, D) and not empty. Received: shape {self.means.shape}")
        if not self.std > 0:
            raise InputError(f"`std` must be positive. Received: {self.std}")

    def sample(self, num_samples: int, seed: int) -> tuple[Array, Array]:
        """Draws independent points, the same ones for the same number and seed.

        Args:
            num_samples: Number of points (N).
            seed: Not negative.

        Returns:
            Points (N, D) float32 and the component of each (N,) int64, uniform in `[0, K)`.

        Raises:
            InputError: `num_samples` is below 1.
        """
        check_positive(num_samples=num_samples)
        rng = np.random.default_rng(seed)
        components = rng.integers(len(self.means), size=num_samples, dtype=np.int64)
        noise = rng.normal(size=(num_samples, self.means.shape[1]))
        return (self.means[components] + self.std * noise).astype(np.float32), components


def ring(num_components: int = 8, radius: float = 1.0, *, std: float = 0.05) -> GaussianMixture:
    """Returns components at equal distances on a circle about the origin.

    Args:
        num_components: K; the first is at (radius, 0), the others follow anticlockwise.
        radius: Radius of the circle.
        std: Standard deviation of each component.

    Raises:
        InputError: There is no component or the deviation is not positive.

    Source: Khorramshahi et al., 2020, section IV-A; the ring of Lin et al., 2018 (PacGAN).
    """
    angles = 2 * math.pi * np.arange(num_components) / max(num_components, 1)
    return GaussianMixture("ring", radius * np.stack([np.cos(angles), np.sin(angles)], axis=1), std)


def grid(side: int = 5, spacing: float = 2.0, *, std: float = 0.05) -> GaussianMixture:
    """Returns components on a square grid about the origin.

    Args:
        side: Components on each side of the square; component `side * i + j` is in column i from the left, row j from
            below.
        spacing: Distance between neighbours; 5 components at a distance of 2 span the paper's 8 x 8.
        std: Standard deviation of each component.

    Raises:
        InputError: There is no component or the deviation is not positive.

    Source: Khorramshahi et al., 2020, section IV-A; the grid of Lin et al., 2018 (PacGAN).
    """
    positions = spacing * (np.arange(side) - (side - 1) / 2)
    columns, rows = np.meshgrid(positions, positions, indexing="ij")
    return GaussianMixture("grid", np.stack([columns.ravel(), rows.ravel()], axis=1), std)


MIXTURES: Mapping[str, GaussianMixture] = {mixture.name: mixture for mixture in (ring(), grid())}
"""The mixtures that are datasets, by name."""


def mixture_source(name: str, *, split: str, num_samples: int = 100_000) -> ImageSource:
    """Builds a dataset of points of one of `MIXTURES`; the label of a point is its component.

    Args:
        name: `"ring"` or `"grid"`.
        split: `"train"` or `"test"`: independent draws, each with a constant seed.
        num_samples: Points in the split.

    Returns:
        A source of points (2,).

    Raises:
        InputError: There is no such mixture or split, or `num_samples` is below 1.

    Source: Khorramshahi et al., 2020, section IV-A: 1e5 training points.
    """
    check_choice("name", name, MIXTURES)
    if split not in _SEEDS:
        raise InputError(f"Dataset {name!r} has the splits {', '.join(_SEEDS)}. Received: {split!r}")
    mixture = MIXTURES[name]
    points, components = mixture.sample(num_samples, _SEEDS[split])
    return source_from_points(points, components, name=name, split=split, num_classes=len(mixture.means))
