from pathlib import Path

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics import ExtractedFeatures
from tf_infomax.metrics.features.extractor import checked_features
from tf_infomax.metrics.stored_rows import StoredRows

LOGITS = np.random.default_rng(0).normal(size=(2300, 4)).astype(np.float32)


def test_modes_are_the_likeliest_classes() -> None:
    np.testing.assert_array_equal(ExtractedFeatures(LOGITS, LOGITS).modes, LOGITS.argmax(axis=1))


def test_modes_of_features_in_files(tmp_path: Path) -> None:
    np.save(tmp_path / "logits.npy", LOGITS)
    stored = StoredRows(tmp_path / "logits.npy")
    np.testing.assert_array_equal(ExtractedFeatures(stored, stored).modes, LOGITS.argmax(axis=1))


def test_without_logits_there_are_no_modes() -> None:
    with pytest.raises(InputError, match="no logits"):
        _ = ExtractedFeatures(LOGITS, None).modes


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_images_without_finite_numbers_are_counted(value: float) -> None:
    damaged = LOGITS.copy()
    damaged[[3, 5], 1] = value
    damaged[5, 2] = value
    with pytest.raises(InputError, match=r"2 of 2300 images have activations that are not finite"):
        checked_features(ExtractedFeatures(damaged, LOGITS))
    with pytest.raises(InputError, match=r"2 of 2300 images have logits that are not finite"):
        checked_features(ExtractedFeatures(LOGITS, damaged))


def test_finite_features_pass() -> None:
    features = ExtractedFeatures(LOGITS, None)
    assert checked_features(features) is features
