import dataclasses

import numpy as np
import pytest
import scipy.stats

from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    MixtureCoverage,
    class_kl_divergence,
    grid_kl_divergence,
    mixture_coverage,
    mode_statistics,
)


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


MEANS = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])


def test_three_deviations_count_and_no_more() -> None:
    # 3 std is exactly 0.75.
    inside = np.array([[0.75, 0.0], [4.0, -0.75], [4.0, 0.0]])
    outside = np.array([[0.0, 3.2499], [0.5627, 0.5], [2.0, 2.0]])
    assert mixture_coverage(inside, MEANS, 0.25) == MixtureCoverage(2, 1.0)
    assert mixture_coverage(outside, MEANS, 0.25) == MixtureCoverage(0, 0.0)
    assert mixture_coverage(np.concatenate([inside, outside]), MEANS, 0.25) == MixtureCoverage(2, 0.5)


def test_a_mode_counts_with_one_point() -> None:
    points = np.concatenate([np.tile(MEANS[0], (99, 1)), MEANS[2:]])
    assert mixture_coverage(points, MEANS, 0.1) == MixtureCoverage(2, 1.0)


def test_overlapping_modes_share_no_point() -> None:
    points = np.array([[0.1, 0.0], [0.2, 0.0]])
    assert mixture_coverage(points, np.array([[0.0, 0.0], [1.0, 0.0]]), 1.0) == MixtureCoverage(1, 1.0)


def test_share_within_three_deviations_of_a_gaussian() -> None:
    points = 0.05 * np.random.default_rng(0).normal(size=(20_000, 3))
    expected = scipy.stats.chi2(3).cdf(9.0)
    assert mixture_coverage(points, np.zeros((1, 3)), 0.05).high_quality == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("points", "means", "std", "message"),
    [
        (np.zeros((5, 2)), np.zeros((3, 3)), 0.1, r"`means`: expected finite values of shape \(K, 2\)"),
        (np.zeros((5, 2)), np.full((3, 2), np.nan), 0.1, "`means`: expected finite"),
        (np.zeros((5, 2)), np.zeros((0, 2)), 0.1, r"of \(0, 2\)"),
        (np.full((5, 2), np.nan), MEANS, 0.1, "`points`: expected finite values"),
        (np.zeros((5, 2)), MEANS, 0.0, "`std`: expected a positive number. Received: 0.0"),
        (np.zeros((5, 2)), MEANS, np.nan, "`std`: expected a positive number"),
    ],
)
def test_a_wrong_mixture_is_named(points: np.ndarray, means: np.ndarray, std: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        mixture_coverage(points, means, std)


def dense_divergence(real: np.ndarray, fake: np.ndarray, bin_size: float, smoothing: float) -> float:
    points = np.concatenate([real, fake])
    edges = [
        np.arange(np.floor(low / bin_size), np.floor(high / bin_size) + 2) * bin_size
        for low, high in zip(points.min(axis=0), points.max(axis=0))
    ]
    p, q = (np.histogram2d(*xy.T, bins=edges)[0].ravel() / len(xy) for xy in (real, fake))
    used = p + q > 0
    return scipy.stats.entropy(p[used] + smoothing, q[used] + smoothing)  # which makes both sum to 1


@pytest.mark.parametrize("bin_size", [0.25, 1.0, 50.0])
@pytest.mark.parametrize("smoothing", [1e-5, 1e-2])
def test_divergence_equals_that_of_the_dense_histogram(bin_size: float, smoothing: float) -> None:
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(300, 2)), 1.5 * rng.normal(size=(200, 2)) + [0.4, -2.0]
    expected = dense_divergence(real, fake, bin_size, smoothing)
    assert expected > 0.01
    assert grid_kl_divergence(real, fake, bin_size=bin_size, smoothing=smoothing) == pytest.approx(expected, rel=1e-9)
    assert grid_kl_divergence(real[::-1], fake[::-1], bin_size=bin_size, smoothing=smoothing) == pytest.approx(expected)


def test_divergence_by_hand() -> None:
    # Bins of side 1: real in (0, 0) and (1, 0), fake in (0, 0) and (0, -1): three bins.
    real, fake = np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([[0.0, 0.9], [0.5, -0.1]])
    expected = 0.5 * np.log(0.51 / 0.01) / 1.03  # (0.51 - 0.01) log(0.51 / 0.01) over 1 + 3 s
    assert grid_kl_divergence(real, fake, bin_size=1.0, smoothing=0.01) == pytest.approx(expected, rel=1e-12)


def test_points_of_the_same_bins_do_not_diverge() -> None:
    corners = np.array([[-0.0, 0.0], [3.0, 1.0], [7.0, 2.0]])
    assert grid_kl_divergence(corners, corners[::-1] + 0.9, bin_size=1.0) == 0.0


def test_minus_zero_is_in_the_bin_of_zero() -> None:
    zeros = np.array([[0.0, 0.0], [0.0, 0.0]])
    assert grid_kl_divergence(zeros, -zeros, bin_size=1.0) == 0.0


def test_a_point_far_away_is_one_bin() -> None:
    real, fake = np.zeros((4, 2)), np.array([[0.0, 0.0], [1e6, 1e6]])
    expected = (1.1 * np.log(1.1 / 0.6) + 0.1 * np.log(0.1 / 0.6)) / 1.2  # p = (1, 0), q = (1/2, 1/2)
    assert grid_kl_divergence(real, fake, bin_size=1.0, smoothing=0.1) == pytest.approx(expected, rel=1e-12)
    assert np.isfinite(grid_kl_divergence(real, fake * 1e60, bin_size=1e-3))


def test_the_divergence_has_a_direction() -> None:
    real, fake = np.array([[0.5, 0.5], [1.5, 0.5]]), np.array([[0.5, 0.5], [0.6, 0.6]])
    missing = grid_kl_divergence(real, fake, bin_size=1.0)
    assert missing == pytest.approx(0.5 * np.log(0.5) + 0.5 * np.log(0.5 / 1e-5), abs=1e-3)
    assert grid_kl_divergence(fake, real, bin_size=1.0) == pytest.approx(np.log(2), abs=1e-3)


@pytest.mark.parametrize(
    ("real", "fake", "options", "message"),
    [
        (np.zeros((4, 3)), np.zeros((4, 3)), {"bin_size": 1.0}, r"expected points in the plane, \(N, 2\)"),
        (np.zeros((4, 2)), np.zeros((4, 3)), {"bin_size": 1.0}, "2 real and 3 fake"),
        (np.zeros((4, 2)), np.full((4, 2), np.inf), {"bin_size": 1.0}, "`fake`: expected finite values"),
        (np.zeros((4, 2)), np.zeros((4, 2)), {"bin_size": 0.0}, "`bin_size`: expected a positive number"),
        (np.zeros((4, 2)), np.zeros((4, 2)), {"bin_size": 1.0, "smoothing": 0.0}, "`smoothing`: expected a positive"),
    ],
)
def test_a_wrong_histogram_is_named(real: np.ndarray, fake: np.ndarray, options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        grid_kl_divergence(real, fake, **options)


def test_class_divergence_by_hand() -> None:
    real, fake = np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])  # shares (1/2, 1/2, 0) and (3/4, 1/4, 0)
    expected = (0.6 * np.log(0.6 / 0.85) + 0.6 * np.log(0.6 / 0.35)) / 1.3
    assert class_kl_divergence(real, fake, 3, smoothing=0.1) == pytest.approx(expected, rel=1e-12)


def test_class_divergence_equals_scipys() -> None:
    rng = np.random.default_rng(0)
    real, fake = rng.integers(10, size=500), rng.binomial(9, 0.4, size=300)
    p, q = (np.bincount(labels, minlength=10) / len(labels) + 1e-5 for labels in (real, fake))
    assert class_kl_divergence(real, fake, 10) == pytest.approx(scipy.stats.entropy(p, q), rel=1e-9)
    assert class_kl_divergence(real, rng.permutation(real), 10) == pytest.approx(0.0, abs=1e-12)


def test_a_missing_class_costs_its_share() -> None:
    real = np.tile(np.arange(10), 50)
    fake = np.tile(np.arange(9), 50)
    missing = 0.1 * np.log(0.1 / 1e-5) + 0.9 * np.log(0.9)
    assert class_kl_divergence(real, fake, 10) == pytest.approx(missing, abs=2e-3)
    assert class_kl_divergence(fake, real, 10) == pytest.approx(np.log(10 / 9), abs=2e-3)  # and the other way round


def test_the_direction_of_the_papers_divergence() -> None:
    """GAN+VER, Table III: 2.691 for 7.1 of 10 classes. The other direction is log(10) at most."""
    even = [class_kl_divergence(np.arange(10), np.arange(count), 10) for count in (7, 6)]
    assert even[0] < 2.691 < even[1]
    assert class_kl_divergence(np.zeros(10, int), np.arange(10), 10) == pytest.approx(np.log(10), abs=2e-3)


@pytest.mark.parametrize(
    ("real", "fake", "options", "message"),
    [
        ([0, 10], [0, 1], {}, r"\[0, 10\). Received: 0 to 10"),
        ([0, 1], [-1, 1], {}, "Received: -1 to 1"),
        ([0, 1], [0.5, 1.0], {}, "vector of integers. Received: float64"),
        ([0, 1], [0, 1], {"smoothing": 0.0}, "`smoothing`: expected a positive number. Received: 0.0"),
    ],
)
def test_wrong_classes_are_named(real: list, fake: list, options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        class_kl_divergence(np.array(real), np.array(fake), 10, **options)
