"""Arrays in files, read a part at a time."""

import numpy as np
import pytest

from tf_infomax.metrics.feature_files import read_features, write_features
from tf_infomax.metrics.features import ExtractedFeatures
from tf_infomax.metrics.stored_rows import StoredRows, first_rows

ROWS = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)


@pytest.fixture
def stored(tmp_path) -> StoredRows:
    np.save(tmp_path / "rows.npy", ROWS)
    return StoredRows(tmp_path / "rows.npy")


def test_reads_like_an_array(stored):
    assert (stored.shape, stored.dtype, len(stored), stored.nbytes) == (ROWS.shape, ROWS.dtype, 20, ROWS.nbytes)
    for rows in (slice(3, 8), [5, 1, 5], slice(None)):
        np.testing.assert_array_equal(stored[rows], ROWS[rows])
    np.testing.assert_array_equal(np.asarray(stored, np.float64), ROWS.astype(np.float64))


def test_first_rows(stored):
    first = first_rows(stored, 6)
    assert isinstance(first, StoredRows) and len(first) == 6
    np.testing.assert_array_equal(np.asarray(first), ROWS[:6])
    assert len(first_rows(first, 10)) == 6
    np.testing.assert_array_equal(first_rows(ROWS, 6), ROWS[:6])


@pytest.mark.parametrize("with_logits", [True, False])
def test_features_written_in_parts(tmp_path, with_logits):
    images = np.random.default_rng(1).integers(0, 256, (7, 2, 2, 1), np.uint8)

    def extract(images):
        rows = images.reshape(len(images), -1).astype(np.float32)
        return ExtractedFeatures(rows, rows[:, :2] if with_logits else None)

    write_features(extract, [images[:3], images[3:]], tmp_path, num_images=7)
    features, expected = read_features(tmp_path), extract(images)
    np.testing.assert_array_equal(features.activations, expected.activations)
    assert (features.logits is None) != with_logits
    if with_logits:
        np.testing.assert_array_equal(features.logits, expected.logits)
