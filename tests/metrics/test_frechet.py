import numpy as np
import pytest
import scipy.linalg

from tf_infomax.errors import InputError
from tf_infomax.metrics import frechet_distance


def sqrtm_distance(real: np.ndarray, fake: np.ndarray) -> float:
    covariance, other = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = scipy.linalg.sqrtm(covariance @ other).real
    return np.sum((real.mean(0) - fake.mean(0)) ** 2) + np.trace(covariance + other - 2 * root)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_equals_the_formula_with_scipys_square_root(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(24, 24))
    real: np.ndarray = (rng.normal(size=(300, 24)) @ mixing).astype(dtype)
    fake: np.ndarray = (rng.normal(size=(200, 24)) + 0.3).astype(dtype)
    expected = sqrtm_distance(real.astype(np.float64), fake.astype(np.float64))
    assert frechet_distance(real, fake) == pytest.approx(expected, rel=1e-4)
    assert frechet_distance(fake, real) == pytest.approx(expected, rel=1e-4)


def test_equal_sets_have_no_distance() -> None:
    features = np.random.default_rng(1).normal(size=(100, 16))
    assert frechet_distance(features, features[::-1]) == pytest.approx(0.0, abs=1e-6)


def test_a_shift_costs_its_squared_length() -> None:
    features = np.random.default_rng(2).normal(size=(100, 16))
    assert frechet_distance(features, features + 0.5) == pytest.approx(16 * 0.25, rel=1e-6)


def test_fewer_images_than_features_work() -> None:
    rng = np.random.default_rng(3)
    assert frechet_distance(rng.normal(size=(5, 32)), rng.normal(size=(7, 32)) + 1.0) > 0.0


@pytest.mark.parametrize(
    ("real", "fake", "message"),
    [
        (np.zeros((1, 4)), np.zeros((5, 4)), "`real_features`: expected at least 2 rows"),
        (np.zeros((5, 4)), np.zeros((5, 3)), "4 real and 3 fake"),
        (np.zeros((5, 4)), np.zeros((5, 4), int), "`fake_features`: expected a floating-point"),
        (np.zeros((5, 4)), np.full((5, 4), np.nan), "expected finite values. Received: 20"),
        (np.zeros(5), np.zeros((5, 4)), "expected a floating-point"),
    ],
)
def test_wrong_features_are_named(real: np.ndarray, fake: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        frechet_distance(real, fake)
