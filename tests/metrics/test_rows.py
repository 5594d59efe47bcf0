"""Rows in memory and in files, read whole, in blocks and in random order."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics import StoredRows, rows


@pytest.fixture
def values() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(11, 3)).astype(np.float32)


@pytest.fixture
def stored(values, tmp_path: Path) -> StoredRows:
    np.save(tmp_path / "rows.npy", values)
    return StoredRows(tmp_path / "rows.npy")


def test_a_file_reads_as_its_array(values, stored):
    assert (stored.shape, stored.dtype, len(stored), stored.nbytes) == (values.shape, np.float32, 11, values.nbytes)
    np.testing.assert_array_equal(stored[2:5], values[2:5])
    np.testing.assert_array_equal(stored[[4, 0, 4]], values[[4, 0, 4]])
    np.testing.assert_array_equal(np.asarray(stored, np.float64), values.astype(np.float64))


@pytest.mark.parametrize("block", [1, 4, 11, 100])
def test_blocks_are_all_rows_in_order(values, stored, monkeypatch, block):
    monkeypatch.setattr(rows, "BLOCK_ROWS", block)
    for matrix in (values, stored, tf.constant(values)):
        parts = list(rows.read_blocks(rows.as_rows(matrix, name="x"), name="x"))
        assert {part.dtype for part in parts} == {np.dtype(np.float64)} and max(map(len, parts)) <= block
        np.testing.assert_array_equal(np.concatenate(parts), values)


def test_shuffled_rows_are_the_permuted_array(values, stored):
    permuted = values[np.random.default_rng(5).permutation(11)]
    for matrix in (values, stored):
        shuffled = rows.ShuffledRows(matrix, 5)
        assert (len(shuffled), shuffled.shape, shuffled.dtype) == (11, (11, 3), np.float32)
        np.testing.assert_array_equal(shuffled[3:9], permuted[3:9])


def test_rows_that_are_no_features_are_named(values):
    with pytest.raises(InputError, match="`x`: expected a floating-point"):
        rows.as_rows(values.astype(int), name="x")
    with pytest.raises(InputError, match="`x`: expected at least 2 rows"):
        rows.as_rows(values[:1], name="x")
    values[10, 1] = np.inf
    with pytest.raises(InputError, match="`x`: expected finite values. Received: 1"):
        list(rows.read_blocks(values, name="x"))
