import dataclasses

import numpy as np
import pytest
import scipy.stats

from tf_infomax.errors import InputError
from tf_infomax.metrics import mode_statistics


def test_one_mode() -> None:
    statistics = mode_statistics(np.full(30, 7), 1000)
    assert statistics.count == 1
    assert statistics.kl_to_uniform == pytest.approx(np.log(1000))


def test_uniform_over_all_modes() -> None:
    statistics = mode_statistics(np.tile(np.arange(25), 4), 25)
    assert statistics.count == 25
    assert statistics.kl_to_uniform == pytest.approx(0.0, abs=1e-12)


def test_uniform_over_a_part_of_the_modes() -> None:
    assert dataclasses.astuple(mode_statistics(np.array([0, 3, 3, 0]), 8)) == (2, pytest.approx(np.log(4)))


def test_the_divergence_equals_scipys() -> None:
    labels = np.random.default_rng(0).binomial(9, 0.4, size=500)
    counts = np.bincount(labels, minlength=10)
    expected = scipy.stats.entropy(counts, np.full(10, 0.1))
    assert dataclasses.astuple(mode_statistics(labels, 10)) == (np.count_nonzero(counts), pytest.approx(expected))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([], np.int64), "expected a vector of integers"),
        (np.array([0.0, 1.0]), "Received: float64"),
        (np.array([[0, 1]]), "expected a vector"),
        (np.array([0, 10]), r"\[0, 10\). Received: 0 to 10"),
        (np.array([-1, 2]), "Received: -1 to 2"),
    ],
)
def test_wrong_labels_are_named(labels: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        mode_statistics(labels, 10)
