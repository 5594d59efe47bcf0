import dataclasses
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tf_infomax.errors import InputError
from tf_infomax.metrics import ManifoldOverlap, StoredRows, manifold_overlap, rows


def points(count: int, width: int, *, seed: int, scale: float = 1.0) -> np.ndarray:
    return scale * np.random.default_rng(seed).normal(size=(count, width))


def by_definition(real: np.ndarray, fake: np.ndarray, num_neighbours: int) -> ManifoldOverlap:
    """The four shares from matrices of all distances, each from differences."""
    across = cdist(real, fake)
    real_radii, fake_radii = (np.sort(cdist(x, x), axis=1)[:, num_neighbours, None] for x in (real, fake))
    return ManifoldOverlap(
        precision=(across < real_radii).any(axis=0).mean(),
        recall=(across < fake_radii.T).any(axis=1).mean(),
        density=(across < real_radii).sum(axis=0).mean() / num_neighbours,
        coverage=(across.min(axis=1, keepdims=True) < real_radii).mean(),
    )


@pytest.mark.parametrize(("num_real", "num_fake", "width"), [(150, 90, 3), (80, 120, 12), (70, 50, 2048)])
@pytest.mark.parametrize("num_neighbours", [1, 5])
@pytest.mark.parametrize("block", [16, 1024])
def test_equals_the_definition(monkeypatch, num_real, num_fake, width, num_neighbours, block) -> None:
    monkeypatch.setattr(rows, "BLOCK_ROWS", block)
    plane = points(3, width, seed=9)
    real, fake = points(num_real, 3, seed=0) @ plane, points(num_fake, 3, seed=1, scale=0.95) @ plane
    overlap = manifold_overlap(real, fake, num_neighbours=num_neighbours)
    assert dataclasses.astuple(overlap) == pytest.approx(dataclasses.astuple(by_definition(real, fake, num_neighbours)))
    assert 0.0 < overlap.precision and 0.0 < overlap.recall


def test_exchanging_the_sets_exchanges_precision_and_recall() -> None:
    one, other = points(60, 3, seed=0), points(70, 3, seed=1, scale=0.5)
    overlap, exchanged = manifold_overlap(one, other), manifold_overlap(other, one)
    assert (overlap.precision, overlap.recall) == (exchanged.recall, exchanged.precision)
    assert overlap.precision > overlap.recall + 0.1  # so the order matters


@pytest.mark.parametrize("offset", [0.0, 1e3])
def test_equal_sets(offset: float) -> None:
    """A ball has its centre and k - 1 neighbours, not the k-th on its rim: the density is exactly 1."""
    real = points(200, 16, seed=0) + offset
    assert manifold_overlap(real, real[::-1]) == ManifoldOverlap(1.0, 1.0, 1.0, 1.0)


def test_sets_far_apart() -> None:
    assert manifold_overlap(points(30, 4, seed=0), points(40, 4, seed=1) + 100.0) == ManifoldOverlap(0.0, 0.0, 0.0, 0.0)


def test_a_generator_with_one_image() -> None:
    """Its balls have no radius. On a line the point 50 is in the balls of 48 to 52, whose radius is 3."""
    real = np.arange(100.0)[:, None] * [[1.0, 0.0]]
    overlap = manifold_overlap(real, np.tile(real[50], (10, 1)))
    assert overlap == ManifoldOverlap(precision=1.0, recall=0.0, density=5 / 5, coverage=5 / 100)
    wide = points(50, 2048, seed=0, scale=30.0).astype(np.float32)
    assert manifold_overlap(wide, np.tile(wide[7], (10, 1))).recall == 0.0


def test_half_of_the_modes() -> None:
    """Two clusters far apart, the generator in one: it is precise and recalls and covers half."""
    cluster = points(60, 2, seed=0)
    overlap = manifold_overlap(np.concatenate([cluster, cluster + 1000.0]), cluster)
    assert overlap == ManifoldOverlap(precision=1.0, recall=0.5, density=1.0, coverage=0.5)


def test_files_are_read_as_arrays(tmp_path: Path) -> None:
    real, fake = (points(30, 3, seed=seed).astype(np.float32) for seed in (0, 1))
    np.save(tmp_path / "real.npy", real)
    assert manifold_overlap(StoredRows(tmp_path / "real.npy"), fake) == manifold_overlap(real, fake)


@pytest.mark.parametrize(
    ("num_real", "num_fake", "num_neighbours", "message"),
    [
        (5, 9, 5, "at least 6 real and generated images, .* Received: 5 real and 9 generated"),
        (9, 5, 5, "Received: 9 real and 5 generated"),
        (9, 9, 0, "`num_neighbours` must be at least 1. Received: 0"),
    ],
)
def test_too_few_images_are_named(num_real: int, num_fake: int, num_neighbours: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        manifold_overlap(np.zeros((num_real, 2)), np.zeros((num_fake, 2)), num_neighbours=num_neighbours)


def test_wrong_features_are_named() -> None:
    with pytest.raises(InputError, match="`fake_features`: expected finite values"):
        manifold_overlap(points(9, 2, seed=0), np.full((9, 2), np.nan))
    with pytest.raises(InputError, match="2 real and 3 fake"):
        manifold_overlap(points(9, 2, seed=0), points(9, 3, seed=0))
