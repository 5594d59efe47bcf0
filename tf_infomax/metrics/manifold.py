"""Precision, recall, density and coverage: how the neighbourhoods of real and generated features overlap."""

import dataclasses

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.metrics.rows import Rows, as_rows, blocks, read, read_blocks
from tf_infomax.metrics.validation import check_same_width
from tf_infomax.types import Array, Tensor

NUM_NEIGHBOURS = 5
"""Neighbours whose distance is the radius of a ball (k), unless told otherwise."""

# Relative to a point's squared length: products of matrices round by up to 1e-13 at 2,048 features.
_ROUNDING = 1e-12


@dataclasses.dataclass(frozen=True)
class ManifoldOverlap:
    """Overlap of the neighbourhoods of real and generated points.

    Attributes:
        precision: Share of generated points in the ball of at least one real point, in [0, 1].
        recall: Share of real points in the ball of at least one generated point, in [0, 1].
        density: Mean number of real balls around a generated point, over k; can exceed 1.
        coverage: Share of real points with a generated point in their ball, in [0, 1].
    """

    precision: float
    recall: float
    density: float
    coverage: float


def manifold_overlap(
    real_features: Rows | Tensor, fake_features: Rows | Tensor, *, num_neighbours: int = NUM_NEIGHBOURS
) -> ManifoldOverlap:
    """Compares real and generated features by balls that reach to a point's k-th nearest neighbour of its own kind.

    The neighbour is another point: a point is not its own. A ball is open, so a point on its rim is outside, as in the
    authors' code of density and coverage; balls of radius 0, around a point that occurs over k times, are empty.

    The real set comes first, as in that code. Others swap the two, which swaps precision and recall: torch-fidelity
    takes the generated set first.

    Args:
        real_features: (N, F) floating point, N above `num_neighbours`; in memory or `StoredRows`.
        fake_features: (M, F) likewise.
        num_neighbours: k.

    Returns:
        The four shares: near 1 for two samples of one distribution, 0 for sets far apart. They depend on N and M.

    Raises:
        InputError: A set is not a finite matrix, the two differ in F, `num_neighbours` is not positive, or a set has
            no k other points.

    Source:
        Kynkaanniemi et al. 2019 (Improved precision and recall metric), Eq. 1-2, there with closed balls and k = 3;
        Naeem et al. 2020 (Reliable fidelity and diversity metrics), Eq. 3-5, k = 5.
    """
    real, fake = as_rows(real_features, name="real_features"), as_rows(fake_features, name="fake_features")
    check_same_width(real, fake)
    _check_neighbours(len(real), len(fake), num_neighbours)
    origin = sum(block.sum(axis=0) for block in read_blocks(real, name="real_features")) / len(real)
    points = _Points(real, origin, "real_features"), _Points(fake, origin, "fake_features")
    return _overlap(*points, num_neighbours)


def _check_neighbours(num_real: int, num_fake: int, num_neighbours: int) -> None:
    if num_neighbours < 1:
        raise InputError(f"`num_neighbours` must be at least 1. Received: {num_neighbours}")
    if min(num_real, num_fake) <= num_neighbours:
        raise InputError(
            f"expected at least {num_neighbours + 1} real and generated images, each with {num_neighbours} nearest "
            f"neighbours. Received: {num_real} real and {num_fake} generated"
        )


class _Points:
    """Points in blocks, moved by `-origin`: distances stay and round less where the points are near zero."""

    def __init__(self, rows: Rows, origin: Array, name: str) -> None:
        self.rows, self.origin, self.name = rows, origin, name
        self.blocks = blocks(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, block: slice) -> Array:
        return read(self.rows, block, name=self.name) - self.origin


def _overlap(real: _Points, fake: _Points, num_neighbours: int) -> ManifoldOverlap:
    real_radii, fake_radii = _squared_radii(real, num_neighbours), _squared_radii(fake, num_neighbours)
    precise, recalled, covered = np.zeros(len(fake), bool), np.zeros(len(real), bool), np.zeros(len(real), bool)
    num_inside = 0
    for rows in real.blocks:
        real_block = real[rows]
        for columns in fake.blocks:
            distances = _squared_distances(real_block, fake[columns])
            inside_real = distances < real_radii[rows, None]
            num_inside += np.count_nonzero(inside_real)
            precise[columns] |= inside_real.any(axis=0)
            covered[rows] |= inside_real.any(axis=1)
            recalled[rows] |= (distances < fake_radii[columns]).any(axis=1)
    return ManifoldOverlap(
        precision=float(precise.mean()),
        recall=float(recalled.mean()),
        density=float(num_inside / (num_neighbours * len(fake))),
        coverage=float(covered.mean()),
    )


def _squared_radii(points: _Points, num_neighbours: int) -> Array:
    """Returns squared distances (N,) to the k-th nearest other point, less what rounding may add to a distance."""
    nearest = np.full((len(points), num_neighbours), np.inf)
    lengths = np.empty(len(points))
    for index, rows in enumerate(points.blocks):
        block = points[rows]
        lengths[rows] = _squared_lengths(block)
        within = _squared_distances(block, block)
        np.fill_diagonal(within, np.inf)
        nearest[rows] = _smallest(nearest[rows], within)
        for others in points.blocks[index + 1 :]:
            distances = _squared_distances(block, points[others])
            nearest[rows] = _smallest(nearest[rows], distances)
            nearest[others] = _smallest(nearest[others], distances.T)
    radii = nearest.max(axis=1)
    return radii - _ROUNDING * (lengths + radii)


def _smallest(known: Array, distances: Array) -> Array:
    """Returns the k smallest of each row of both, from k known ones (B, k) and distances (B, B')."""
    count = known.shape[1]
    return np.partition(np.concatenate([known, distances], axis=1), count - 1, axis=1)[:, :count]


def _squared_distances(left: Array, right: Array) -> Array:
    # By a product of matrices: differences of all pairs take minutes at 10,000 points of 2,048 features.
    distances = left @ right.T
    distances *= -2.0
    distances += _squared_lengths(left)[:, None]
    distances += _squared_lengths(right)
    return np.maximum(distances, 0.0, out=distances)


def _squared_lengths(points: Array) -> Array:
    return np.einsum("nf,nf->n", points, points)
