from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
import scipy.stats

from tf_infomax.errors import InputError
from tf_infomax.metrics import Moments, StoredRows, frechet_distance, frechet_distance_of_moments, moments_of, rows


def distance(real: np.ndarray, fake: np.ndarray) -> float:
    return frechet_distance_of_moments(moments_of(real), moments_of(fake))


def structured(count: int, width: int, *, seed: int, shift: float = 0.0) -> np.ndarray:
    """Features that are correlated, of unequal spread and not negative, as activations are."""
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(width).normal(size=(8, width))
    return np.maximum(rng.normal(size=(count, 8)) @ mixing + rng.normal(size=(count, width)) + shift, 0.0)


@pytest.mark.parametrize("block", [2, 7, 64, 1000])
def test_moments_are_numpys(monkeypatch, tmp_path: Path, block) -> None:
    monkeypatch.setattr(rows, "BLOCK_ROWS", block)
    features = structured(101, 5, seed=0).astype(np.float32)
    np.save(tmp_path / "features.npy", features)
    for matrix in (features, StoredRows(tmp_path / "features.npy")):
        moments = moments_of(matrix)
        assert moments.count == 101
        np.testing.assert_allclose(moments.mean, features.mean(axis=0, dtype=np.float64), rtol=1e-13)
        np.testing.assert_allclose(moments.covariance, np.cov(features, rowvar=False, dtype=np.float64), rtol=1e-12)


def test_a_spread_far_below_the_mean_is_kept() -> None:
    """Sums of squares in float32 lose it: for means of 3 and deviations of 0.1 they are off by up to a percent."""
    features = (3.0 + 0.1 * np.random.default_rng(0).normal(size=(20_000, 4))).astype(np.float32)
    expected = np.cov(features, rowvar=False, dtype=np.float64)
    np.testing.assert_allclose(moments_of(features).covariance, expected, rtol=1e-11, atol=1e-15)
    far = features.astype(np.float64) + 1e6
    np.testing.assert_allclose(moments_of(far).covariance, np.cov(far, rowvar=False), rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize(
    ("num_real", "num_fake", "width"), [(300, 200, 24), (2000, 50, 3), (2, 3, 4), (40, 30, 64), (30, 40, 64)]
)
def test_the_distance_is_tf_gans(num_real: int, num_fake: int, width: int) -> None:
    real, fake = structured(num_real, width, seed=0), structured(num_fake, width, seed=1, shift=0.3)
    assert distance(real, fake) == pytest.approx(frechet_distance(real, fake), rel=1e-9)
    assert distance(fake, real) == pytest.approx(distance(real, fake), rel=1e-9)


def by_singular_values(real: np.ndarray, fake: np.ndarray) -> float:
    """The distance without a covariance: the roots of the eigenvalues of `S S'` are singular values of `X X'^T`."""
    left, right = ((x - x.mean(axis=0)) / np.sqrt(len(x) - 1) for x in (real, fake))
    root = scipy.linalg.svdvals(left @ right.T).sum()
    return np.sum((real.mean(axis=0) - fake.mean(axis=0)) ** 2) + np.sum(left**2) + np.sum(right**2) - 2 * root


@pytest.mark.parametrize(("num_real", "num_fake"), [(60, 40), (40, 60)])
def test_2048_features(num_real: int, num_fake: int) -> None:
    real, fake = structured(num_real, 2048, seed=0), structured(num_fake, 2048, seed=1, shift=0.3)
    assert distance(real, fake) == pytest.approx(by_singular_values(real, fake), rel=1e-11)


def test_2048_features_with_scipys_square_root() -> None:
    """Of a matrix as small as the smaller set, which has the eigenvalues of `S S'`."""
    real, fake = structured(60, 2048, seed=0), structured(40, 2048, seed=1, shift=0.3)
    left, right = ((x - x.mean(axis=0)) / np.sqrt(len(x) - 1) for x in (real, fake))
    across = scipy.linalg.null_space(np.ones((1, 40))).T @ right @ left.T  # (39, 60): centred rows have no sum
    root = np.trace(scipy.linalg.sqrtm(across @ across.T).real)
    expected = np.sum((real.mean(axis=0) - fake.mean(axis=0)) ** 2) + np.sum(left**2) + np.sum(right**2) - 2 * root
    assert distance(real, fake) == pytest.approx(expected, rel=1e-9)


def test_small_eigenvalues_count() -> None:
    """Of deviations that fall by seven decades; TF-GAN's distance, without the smallest, is off by 1e-5."""
    deviations = np.logspace(0.5, -6.5, 300)
    rotation = scipy.stats.ortho_group.rvs(300, random_state=0)
    real, fake = (np.random.default_rng(seed).normal(size=(900, 300)) * deviations @ rotation for seed in (0, 1))
    assert distance(real, 1.1 * fake) == pytest.approx(by_singular_values(real, 1.1 * fake), rel=1e-10)


def test_equal_sets_have_no_distance() -> None:
    features = structured(100, 16, seed=1)
    assert distance(features, features[::-1]) == pytest.approx(0.0, abs=1e-9)


def test_a_shift_costs_its_squared_length() -> None:
    features = structured(100, 16, seed=2)
    shift = np.linspace(-1.0, 2.0, 16)
    assert distance(features, features + shift) == pytest.approx(np.sum(shift**2), rel=1e-9)


def test_diagonal_covariances_by_hand() -> None:
    """Then it is the squared distance of means and of standard deviations."""
    real = Moments(10, np.array([0.0, 1.0]), np.diag([4.0, 9.0]))
    fake = Moments(20, np.array([3.0, 1.0]), np.diag([1.0, 0.0]))
    assert frechet_distance_of_moments(real, fake) == pytest.approx(9.0 + (2 - 1) ** 2 + (3 - 0) ** 2)


def test_a_constant_generator_costs_the_spread_of_the_data() -> None:
    features = structured(50, 4, seed=3)
    constant = np.tile(features.mean(axis=0), (20, 1))
    assert distance(features, constant) == pytest.approx(np.trace(np.cov(features, rowvar=False)), rel=1e-9)


def test_wrong_features_are_named() -> None:
    with pytest.raises(InputError, match="`real`: expected finite values"):
        moments_of(np.full((4, 2), np.nan), name="real")
    with pytest.raises(InputError, match="`features`: expected at least 2 rows"):
        moments_of(np.zeros((1, 2)))
    with pytest.raises(InputError, match="3 real and 2 fake"):
        frechet_distance_of_moments(moments_of(np.zeros((4, 3))), moments_of(np.zeros((4, 2))))
