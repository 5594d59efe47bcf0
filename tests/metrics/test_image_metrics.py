"""Rows of metrics of images: what they are computed by, and how far their samples reach."""

from pathlib import Path

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    IMAGE_METRICS,
    ExtractedFeatures,
    ImagePair,
    Measurement,
    StoredRows,
    frechet_distance,
    image_metrics,
    inception_splits,
    kernel_distance,
    kernel_subsets,
    manifold_overlap,
    split_inception_scores,
    subset_kernel_distances,
)


def features(count: int, *, seed: int) -> ExtractedFeatures:
    rng = np.random.default_rng(seed)
    return ExtractedFeatures(
        (rng.normal(size=(count, 6)) + 0.3 * seed).astype(np.float32), rng.normal(size=(count, 10)).astype(np.float32)
    )


def pair_of(num_real: int, num_fake: int, *, seed: int = 0) -> ImagePair:
    return ImagePair(features(num_real, seed=0), features(num_fake, seed=1), seed=seed)


def stored(features: ExtractedFeatures, path: Path) -> ExtractedFeatures:
    np.save(path, features.activations)
    return features._replace(activations=StoredRows(path))


def measure(name: str, pair: ImagePair) -> Measurement:
    measured = IMAGE_METRICS[name].measure(pair)
    return measured if isinstance(measured, Measurement) else Measurement(measured)


def test_large_activations_stream_their_moments(monkeypatch):
    pair = pair_of(50, 30)
    monkeypatch.setattr(image_metrics, "MAX_BYTES", 80 * 6 * 4)
    in_memory = measure("fid", pair)
    assert in_memory == Measurement(frechet_distance(pair.real.activations, pair.fake.activations))
    monkeypatch.setattr(image_metrics, "MAX_BYTES", 80 * 6 * 4 - 1)
    streamed = measure("fid", pair)
    assert streamed.value == pytest.approx(in_memory.value, rel=1e-9)
    assert "moments streamed in float64" in streamed.definition


@pytest.mark.parametrize("name", [name for name, row in IMAGE_METRICS.items() if not row.needs_logits])
@pytest.mark.parametrize("limit", [0, 2**30])
def test_files_measure_like_arrays(monkeypatch, tmp_path, name, limit):
    monkeypatch.setattr(image_metrics, "MAX_BYTES", limit)
    pair = pair_of(50, 30)
    files = ImagePair(stored(pair.real, tmp_path / "real.npy"), stored(pair.fake, tmp_path / "fake.npy"))
    assert measure(name, files) == measure(name, pair)


def test_kid_has_the_standard_error_of_its_shuffled_blocks():
    pair = pair_of(1100, 900, seed=7)
    shuffled = (
        x.activations[np.random.default_rng(seed).permutation(len(x.activations))]
        for x, seed in ((pair.real, 7), (pair.fake, 8))
    )
    distance = kernel_distance(*shuffled)
    assert measure("kid", pair) == Measurement(distance.value, "", distance.standard_error, "standard error")


def test_kid_of_subsets():
    pair = pair_of(80, 60, seed=3)
    distances = subset_kernel_distances(
        pair.real.activations, pair.fake.activations, num_subsets=10, subset_size=20, seed=3
    )
    row = kernel_subsets(10, 20)
    measured = row.measure(pair)
    assert measured == Measurement(distances.mean(), row.definition, distances.std(), "subsets")
    assert "10 random subsets of 20 without replacement" in row.definition
    assert kernel_subsets(100, 1000).definition == IMAGE_METRICS["kid_subsets"].definition != row.definition
    assert kernel_subsets(100, 1000).title != row.title


def test_subsets_are_no_larger_than_the_images():
    measured = kernel_subsets(7, 5000).measure(pair_of(80, 60))
    assert measured.definition == kernel_subsets(7, 60).definition
    assert measured.value == kernel_subsets(7, 60).measure(pair_of(80, 60)).value


def test_one_subset_has_no_deviation():
    assert kernel_subsets(1, 20).measure(pair_of(80, 60)).std_kind is None
    all_of_them = kernel_subsets(100, 1000).measure(pair_of(60, 60))
    assert all_of_them.std is None and "mean over 1 random subsets of 60 " in all_of_them.definition


@pytest.mark.parametrize(("num_subsets", "subset_size"), [(0, 1000), (100, 1)])
def test_no_subsets(num_subsets, subset_size):
    with pytest.raises(InputError, match="at least 1 subset of at least 2 rows"):
        kernel_subsets(num_subsets, subset_size)


def test_inception_score_of_splits():
    pair = pair_of(9, 60, seed=3)
    scores = split_inception_scores(pair.fake.logits, num_splits=10, seed=3)
    row = IMAGE_METRICS["is_splits"]
    assert row.measure(pair) == Measurement(scores.mean(), row.definition, scores.std(), "splits")


def test_few_images_have_fewer_splits():
    measured = inception_splits().measure(pair_of(9, 7))
    assert measured.definition == inception_splits(3).definition
    assert inception_splits().measure(pair_of(9, 3)).std is None


def test_no_splits():
    with pytest.raises(InputError, match="`num_splits` must be at least 1. Received: 0"):
        inception_splits(0)


def test_the_overlap_is_computed_once(monkeypatch):
    pair = pair_of(50, 30)
    overlap = manifold_overlap(pair.real.activations, pair.fake.activations)
    assert pair.overlap is pair.overlap
    for name in ("precision", "recall", "density", "coverage"):
        assert measure(name, pair).value == getattr(overlap, name)
    assert 0.0 < overlap.precision and 0.0 < overlap.recall
