import dataclasses
import math

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import sklearn.metrics
import sklearn.model_selection
import sklearn.neighbors

from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    NearestNeighbourAccuracies,
    maximum_mean_discrepancy,
    nearest_neighbour_accuracies,
    two_sample,
    wasserstein_distance,
)

METRICS = [wasserstein_distance, maximum_mean_discrepancy, nearest_neighbour_accuracies]


def samples(num_real: int, num_fake: int, width: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(num_real, width)), 0.8 * rng.normal(size=(num_fake, width)) + 0.3


def ring(num_points: int, *, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    angles = rng.integers(8, size=num_points) * math.pi / 4
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) + 0.05 * rng.normal(size=(num_points, 2))


def assignment_cost(real: np.ndarray, fake: np.ndarray) -> float:
    """Mean cost of the best one-to-one assignment of copies: uniform transport between any two sizes."""
    copies = math.lcm(len(real), len(fake))
    real, fake = np.repeat(real, copies // len(real), axis=0), np.repeat(fake, copies // len(fake), axis=0)
    costs = np.linalg.norm(real[:, None] - fake[None], axis=-1)
    return float(costs[scipy.optimize.linear_sum_assignment(costs)].mean())


def sklearn_accuracies(real: np.ndarray, fake: np.ndarray) -> NearestNeighbourAccuracies:
    points, kinds = np.concatenate([real, fake]), np.repeat([1, 0], [len(real), len(fake)])
    classifier = sklearn.neighbors.KNeighborsClassifier(n_neighbors=1, algorithm="kd_tree")
    leave_one_out = sklearn.model_selection.LeaveOneOut()
    predicted = sklearn.model_selection.cross_val_predict(classifier, points, kinds, cv=leave_one_out)
    return NearestNeighbourAccuracies(
        total=sklearn.metrics.accuracy_score(kinds, predicted),
        real=sklearn.metrics.recall_score(kinds, predicted),
        generated=sklearn.metrics.recall_score(kinds, predicted, pos_label=0),
        precision=sklearn.metrics.precision_score(kinds, predicted),
        recall=sklearn.metrics.recall_score(kinds, predicted),
    )


@pytest.mark.parametrize(("num_real", "num_fake", "width"), [(60, 60, 2), (24, 36, 2), (50, 40, 64)])
def test_transport_costs_what_the_best_assignment_costs(num_real: int, num_fake: int, width: int) -> None:
    real, fake = samples(num_real, num_fake, width)
    assert wasserstein_distance(real, fake) == pytest.approx(assignment_cost(real, fake), rel=1e-9)


def test_transport_on_a_line_equals_scipys() -> None:
    real, fake = samples(300, 170, 1)
    expected = scipy.stats.wasserstein_distance(real[:, 0], fake[:, 0])
    assert wasserstein_distance(real, fake) == pytest.approx(expected, rel=1e-9)


def test_a_shift_costs_its_length() -> None:
    real, _ = samples(200, 2, 2)
    assert wasserstein_distance(real, real + [0.3, -0.4]) == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize("unit", [1e-20, 1e-10, 1e10])
def test_transport_is_exact_in_any_unit(unit: float) -> None:
    real, fake = samples(60, 60, 2)
    assert wasserstein_distance(real * unit, fake * unit) / unit == pytest.approx(assignment_cost(real, fake), rel=1e-9)


def test_an_early_stop_of_transport_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_sample, "_MAX_ITERATIONS", 3)
    with pytest.warns(UserWarning, match="numItermax"), pytest.raises(RuntimeError, match="Received: numItermax"):
        wasserstein_distance(*samples(50, 50, 2))


@pytest.mark.parametrize(("num_real", "num_fake", "width"), [(80, 80, 2), (50, 90, 2), (60, 40, 64)])
def test_the_discrepancy_is_that_of_sklearns_kernel(num_real: int, num_fake: int, width: int) -> None:
    real, fake = samples(num_real, num_fake, width)
    kernel = sklearn.metrics.pairwise.rbf_kernel
    gamma = 0.5 / sklearn.metrics.pairwise.euclidean_distances(real, squared=True).mean()
    square = kernel(real, gamma=gamma).mean() + kernel(fake, gamma=gamma).mean() - 2 * kernel(real, fake, gamma).mean()
    assert maximum_mean_discrepancy(real, fake) == pytest.approx(math.sqrt(square), rel=1e-6)


def test_the_discrepancy_of_two_pairs_by_hand() -> None:
    real, fake = np.array([[0.0], [2.0]]), np.array([[1.0], [1.0]])  # mean of {0, 4, 4, 0} is 2: K = exp(-D / 4)
    expected = math.sqrt((1 + math.exp(-1)) / 2 + 1 - 2 * math.exp(-0.25))
    assert maximum_mean_discrepancy(real, fake) == pytest.approx(expected, rel=1e-12)


def test_the_discrepancy_far_apart_is_that_of_the_two_sets_alone() -> None:
    real, _ = samples(40, 2, 3)
    squared = sklearn.metrics.pairwise.euclidean_distances(real, squared=True)
    expected = math.sqrt(2 * np.exp(-squared / (2 * squared.mean())).mean())
    assert maximum_mean_discrepancy(real, real + 1e3) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("num_real", "num_fake", "width"), [(80, 80, 2), (60, 45, 2), (40, 60, 64)])
def test_accuracies_are_those_of_sklearns_classifier(num_real: int, num_fake: int, width: int) -> None:
    real, fake = samples(num_real, num_fake, width)
    expected = dataclasses.asdict(sklearn_accuracies(real, fake))
    assert len(set(expected.values())) >= 4
    assert dataclasses.asdict(nearest_neighbour_accuracies(real, fake)) == pytest.approx(expected, abs=1e-12)


def test_neighbours_far_from_the_origin_are_told_apart() -> None:
    # |a|^2 + |b|^2 - 2ab of these is wrong by hundreds.
    real, fake = samples(80, 80, 2)
    expected = dataclasses.asdict(nearest_neighbour_accuracies(real, fake))
    moved = nearest_neighbour_accuracies(real + 2.0**30, fake + 2.0**30)
    assert dataclasses.asdict(moved) == pytest.approx(expected, abs=1e-12)


def test_two_samples_of_one_mixture_cannot_be_told_apart() -> None:
    accuracies = dataclasses.astuple(nearest_neighbour_accuracies(ring(800, seed=0), ring(800, seed=1)))
    assert accuracies == pytest.approx([0.5] * 5, abs=0.06)  # standard error 0.018 on 800 points


def test_a_collapsed_generator_is_told_apart() -> None:
    real, fake = ring(50, seed=0), np.tile([1.0, 0.0], (50, 1))
    assert dataclasses.astuple(nearest_neighbour_accuracies(real[real[:, 0] < 0.5], fake)) == (1.0,) * 5
    assert wasserstein_distance(real, fake) == pytest.approx(np.linalg.norm(real - [1.0, 0.0], axis=1).mean(), rel=1e-9)


def test_a_generator_that_repeats_the_data_scores_below_a_half() -> None:
    # The nearest of every point is its copy, at 0.
    real, _ = samples(30, 2, 2)
    assert dataclasses.astuple(nearest_neighbour_accuracies(real, real[::-1])) == (0.0,) * 5


def test_nothing_predicted_real_has_no_precision() -> None:
    real, fake = np.array([[0.0], [10.0]]), np.array([[1.0], [2.0], [9.0]])
    accuracies = nearest_neighbour_accuracies(real, fake[[0, 0, 1, 2, 2]])
    assert dataclasses.astuple(accuracies) == (5 / 7, 0.0, 1.0, 0.0, 0.0)


def test_a_tie_between_the_kinds_predicts_real() -> None:
    real, fake = np.array([[0.0], [1.0]]), np.array([[2.0], [3.0]])  # 1 is as near to 0 as to 2, and 2 to 1 as to 3
    assert dataclasses.astuple(nearest_neighbour_accuracies(real, fake)) == (3 / 4, 1.0, 1 / 2, 2 / 3, 1.0)


@pytest.mark.parametrize("metric", [wasserstein_distance, maximum_mean_discrepancy])
def test_equal_sets_are_at_no_distance(metric) -> None:
    real, _ = samples(70, 2, 2)
    assert metric(real, real[::-1]) == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("metric", METRICS)
def test_the_order_of_points_does_not_matter(metric) -> None:
    real, fake = samples(40, 30, 2)
    expected, permuted = metric(real, fake), metric(real[::-1], np.roll(fake, 7, axis=0))
    if metric is nearest_neighbour_accuracies:
        expected, permuted = dataclasses.astuple(expected), dataclasses.astuple(permuted)
    assert permuted == pytest.approx(expected, rel=1e-9)


def test_half_precision_is_computed_in_double() -> None:
    real, fake = (points.astype(np.float16) for points in samples(40, 30, 2))
    assert maximum_mean_discrepancy(real, fake) == maximum_mean_discrepancy(real.astype(float), fake.astype(float))


def test_real_points_that_coincide_have_no_scale() -> None:
    with pytest.raises(InputError, match="points that differ.*Received: 5 equal points"):
        maximum_mean_discrepancy(np.ones((5, 2)), np.zeros((5, 2)))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("real", "fake", "message"),
    [
        (np.zeros((1, 2)), np.zeros((5, 2)), "`real`: expected at least 2 rows"),
        (np.zeros((5, 2)), np.zeros((5, 3)), "2 real and 3 fake"),
        (np.zeros((5, 2)), np.full((5, 2), np.inf), "`fake`: expected finite values. Received: 10"),
        (np.zeros(5), np.zeros((5, 1)), "`real`: expected a floating-point"),
    ],
)
def test_wrong_points_are_named(metric, real: np.ndarray, fake: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        metric(real, fake)
