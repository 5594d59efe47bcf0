import numpy as np
import pytest
import scipy.special

from tf_infomax.errors import InputError
from tf_infomax.metrics import inception_score, split_inception_scores


def score(logits: np.ndarray) -> float:
    probabilities = scipy.special.softmax(logits.astype(np.float64), axis=1)
    divergences = scipy.special.rel_entr(probabilities, probabilities.mean(axis=0)).sum(axis=1)
    return np.exp(divergences.mean())


@pytest.mark.parametrize("num_classes", [7, 1008])
def test_equals_the_formula(num_classes: int) -> None:
    logits = np.random.default_rng(0).normal(size=(50, num_classes)).astype(np.float32) * 3
    assert inception_score(logits) == pytest.approx(score(logits), rel=1e-9)


def test_equal_predictions_score_one() -> None:
    assert inception_score(np.tile([[0.0, 1.0, -3.0]], (8, 1))) == pytest.approx(1.0)


@pytest.mark.parametrize("scale", [60.0, 1e4])
def test_certain_predictions_spread_evenly_score_the_number_of_classes(scale: float) -> None:
    assert inception_score(np.tile(np.eye(10) * scale, (3, 1))) == pytest.approx(10.0)


def test_a_certain_class_that_no_image_has_is_no_error() -> None:
    logits = np.tile(np.eye(10)[:4] * 1e4, (3, 1))
    assert inception_score(logits) == pytest.approx(4.0)


def test_a_shift_of_the_logits_changes_nothing() -> None:
    logits = np.random.default_rng(1).normal(size=(20, 5))
    assert inception_score(logits + 100.0) == pytest.approx(inception_score(logits))


def test_one_image_is_too_few() -> None:
    with pytest.raises(InputError, match="`logits`: expected at least 2 rows"):
        inception_score(np.zeros((1, 10)))


@pytest.mark.parametrize(("count", "num_splits"), [(60, 10), (47, 10), (47, 3), (9, 1)])
def test_splits_are_parts_of_the_images(count: int, num_splits: int) -> None:
    logits = np.random.default_rng(2).normal(size=(count, 12)).astype(np.float32) * 3
    order = np.random.default_rng(4).permutation(count)
    # Split s ends before row (s + 1) N / S, rounded down.
    parts = np.split(logits[order], [(index * count) // num_splits for index in range(1, num_splits)])
    scores = split_inception_scores(logits, num_splits=num_splits, seed=4)
    np.testing.assert_allclose(scores, [score(part) for part in parts], rtol=1e-9)


def test_splits_are_in_random_order() -> None:
    """Of images sorted by class each split in order would have a score of 1."""
    ordered = np.repeat(np.eye(10), 100, axis=0) * 100.0
    assert split_inception_scores(ordered).min() > 8.0


def test_splits_of_one_image() -> None:
    with pytest.raises(InputError, match="each of at least 2 images. Received: 10 of 19"):
        split_inception_scores(np.zeros((19, 3)))
    with pytest.raises(InputError, match="at least 1"):
        split_inception_scores(np.zeros((19, 3)), num_splits=0)
    np.testing.assert_allclose(split_inception_scores(np.zeros((20, 3))), np.ones(10))
