"""Features of real images in the user's cache."""

import logging

import numpy as np
import pytest

from tf_infomax.data import ImageSource, image_source_from_arrays, load_source
from tf_infomax.metrics import DigitFeatures, ImageSuite
from tf_infomax.runs.evaluation.real_samples import cached_features, real_samples


class Counting(DigitFeatures):
    """Digit features that count the images they see."""

    seen = 0

    def __call__(self, images):
        self.seen += len(images)
        return super().__call__(images)


@pytest.fixture(scope="module")
def source() -> ImageSource:
    return load_source("digits", split="train", image_size=28)


@pytest.fixture
def suite() -> ImageSuite:
    return ImageSuite(extractor=Counting())


def features(suite, source, tmp_path, *, number=50, seed=0, digest="digest"):
    return cached_features(suite, real_samples(source, number, seed), digest=digest, cache_dir=tmp_path)


def test_computed_once(suite, source, tmp_path):
    first = features(suite, source, tmp_path)
    again = features(suite, source, tmp_path)
    assert suite.extractor.seen == 50
    expected = suite.extractor(source.sample_real(50, 0))
    for found in (first, again):
        np.testing.assert_array_equal(found.activations, expected.activations)
        np.testing.assert_array_equal(found.logits, expected.logits)


@pytest.mark.parametrize("change", [{"number": 51}, {"seed": 1}, {"digest": "other"}])
def test_whatever_changes_the_features_names_them(suite, source, tmp_path, change):
    features(suite, source, tmp_path)
    seen = suite.extractor.seen
    features(suite, source, tmp_path, **change)
    assert suite.extractor.seen > seen


def test_another_network_of_the_same_name(suite, source, tmp_path):
    features(suite, source, tmp_path)
    suite.extractor.sha256 = "other"
    features(suite, source, tmp_path)
    assert suite.extractor.seen == 100


@pytest.mark.parametrize("name", ["activations.npy", "logits.npy", "description.json"])
def test_damage_is_noticed_and_mended(suite, source, tmp_path, name, caplog):
    expected = features(suite, source, tmp_path).activations
    [file] = (tmp_path / "features").glob(f"*/{name}")
    content = bytearray(file.read_bytes())
    content[-3] ^= 0xFF
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(features(suite, source, tmp_path).activations, expected)
    assert "damaged" in caplog.text
    assert suite.extractor.seen == 100


def test_all_samples_need_no_seed(suite, source, tmp_path):
    few = image_source_from_arrays(source.images_at(np.arange(20)), name="few", split="train")
    features(suite, few, tmp_path, number=20, seed=0)
    features(suite, few, tmp_path, number=20, seed=1)
    assert suite.extractor.seen == 20


def test_by_class(source):
    real = real_samples(source, 0, seed=4, per_class=7)
    labels = source.labels_at(real.indices)
    np.testing.assert_array_equal(np.bincount(labels), np.full(10, 7))
    assert len(np.unique(real.indices)) == 70
    assert np.any(np.diff(labels) < 0)


def test_without_a_cache_features_are_computed_all_the_same(suite, source, tmp_path, caplog):
    (tmp_path / "features").write_text("a file where the folder would be")
    with caplog.at_level(logging.WARNING):
        found = features(suite, source, tmp_path)
    np.testing.assert_array_equal(found.activations, suite.extractor(source.sample_real(50, 0)).activations)
    assert "cannot be kept" in caplog.text
