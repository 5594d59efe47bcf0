import numpy as np
import pytest
import scipy.special

from tf_infomax.errors import InputError
from tf_infomax.metrics import inception_score


def test_equals_the_formula() -> None:
    logits = np.random.default_rng(0).normal(size=(50, 7)).astype(np.float32) * 3
    probabilities = scipy.special.softmax(logits.astype(np.float64), axis=1)
    divergences = scipy.special.rel_entr(probabilities, probabilities.mean(axis=0)).sum(axis=1)
    assert inception_score(logits) == pytest.approx(np.exp(divergences.mean()), rel=1e-9)


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
