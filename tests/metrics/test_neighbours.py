"""Nearest neighbours, against scikit-learn's tree and numpy."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from tf_infomax.errors import InputError
from tf_infomax.metrics import nearest_neighbours, typical_distance
from tf_infomax.metrics import neighbours as module
from tf_infomax.metrics.stored_rows import StoredRows


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    """The last of them is smaller than the number of neighbours."""
    monkeypatch.setattr(module, "_CHUNK_ROWS", 64)


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 6)).astype(np.float32), rng.normal(size=(194, 6)).astype(np.float32)


@pytest.mark.parametrize("order", [1, 2])
def test_as_by_a_tree(rows, order):
    samples, real = rows
    indices, distances = nearest_neighbours(samples, real, 5, order=order)
    tree = NearestNeighbors(n_neighbors=5, algorithm="kd_tree", p=order).fit(real.astype(np.float64))
    expected_distances, expected_indices = tree.kneighbors(samples.astype(np.float64))
    np.testing.assert_array_equal(indices, expected_indices)
    np.testing.assert_allclose(distances, expected_distances, rtol=1e-12)


def test_rows_of_a_file(rows, tmp_path):
    samples, real = rows
    np.save(tmp_path / "rows.npy", real)
    stored = StoredRows(tmp_path / "rows.npy")
    for read, expected in zip(nearest_neighbours(samples, stored), nearest_neighbours(samples, real)):
        np.testing.assert_array_equal(read, expected)
    assert typical_distance(stored) == typical_distance(real)


def test_a_copy_is_at_zero_and_near_rows_far_from_the_origin_are_told_apart(rows):
    """In float32 |a|^2 - 2 ab + |b|^2 is off by more than 1 here."""
    _, real = rows
    far = real + np.float32(4096)  # a shift by a power of two, which rounds to steps of 2^-11
    indices, distances = nearest_neighbours(far[[3, 190]], far, 2)
    assert indices[:, 0].tolist() == [3, 190] and distances[:, 0].tolist() == [0.0, 0.0]
    exact = np.linalg.norm(far.astype(np.float64) - far[3].astype(np.float64), axis=1)
    assert distances[0, 1] == pytest.approx(np.sort(exact)[1], rel=1e-12)


def test_the_typical_distance_is_the_median_to_the_nearest_other_row():
    line = np.array([[0.0], [1.0], [3.0], [6.0], [10.0]])  # nearest others: 1, 1, 2, 3, 4
    assert typical_distance(line) == 2.0
    assert typical_distance(line, max_queries=3) == 2.0  # rows 0, 2 and 4: 1, 2, 4
    assert typical_distance(np.repeat(line, 2, axis=0)) == 0.0


def test_widths_and_numbers_are_checked(rows):
    samples, real = rows
    with pytest.raises(InputError, match="of one width"):
        nearest_neighbours(samples[:, :5], real)
    with pytest.raises(InputError, match="from 1 to 4. Received: 5"):
        nearest_neighbours(samples, real[:4], 5)
    with pytest.raises(InputError, match="at least 2 real rows. Received: 1"):
        typical_distance(real[:1])


def test_of_equal_rows_the_first_come_first():
    indices, distances = nearest_neighbours(np.zeros((1, 4)), np.zeros((3, 4)), 3)
    assert indices.tolist() == [[0, 1, 2]] and not distances.any()


@pytest.mark.parametrize("samples", [np.empty((0, 4)), np.full((2, 4), np.nan)])
def test_samples_are_finite_and_some(samples):
    with pytest.raises(InputError, match="expected finite samples, at least one"):
        nearest_neighbours(samples, np.zeros((3, 4)), 1)


def test_the_sum_of_absolute_differences_is_another_distance():
    real, samples = np.array([[0.0, 0.0], [3.0, 0.0], [2.0, 2.0], [10.0, 10.0]]), np.array([[0.4, 0.4], [9.0, 9.0]])
    indices, _ = nearest_neighbours(samples, real, 2, order=1)
    assert indices.tolist() == [[0, 1], [3, 2]]  # (3, 0) is 3.0 away, (2, 2) is 3.2; by L2 it is nearer
