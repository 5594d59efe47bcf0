import dataclasses

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    POINT_METRICS,
    evaluate_features,
    evaluate_points,
    grid_kl_divergence,
    maximum_mean_discrepancy,
    mixture_coverage,
    nearest_neighbour_accuracies,
    two_sample,
    wasserstein_distance,
)

STD = 0.05
MEANS = np.stack(np.meshgrid(*[np.arange(-4.0, 5.0, 2.0)] * 2), axis=-1).reshape(-1, 2)
NAMES = ["modes", "hq", "kl", "wd", "mmd", "ta", "ra", "ga", "pr", "re"]


def grid(num_points: int, *, seed: int, std: float = STD) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return MEANS[rng.integers(len(MEANS), size=num_points)] + std * rng.normal(size=(num_points, 2))


def test_every_metric_is_that_of_its_function() -> None:
    real, fake = grid(300, seed=0), grid(250, seed=1, std=0.1)
    coverage = mixture_coverage(fake, MEANS, STD)
    percentages = [100 * value for value in dataclasses.astuple(nearest_neighbour_accuracies(real, fake))]
    assert evaluate_points(real, fake, means=MEANS, std=STD) == {
        "modes": coverage.count,
        "hq": 100 * coverage.high_quality,
        "kl": grid_kl_divergence(real, fake, bin_size=STD),
        "wd": wasserstein_distance(real, fake),
        "mmd": maximum_mean_discrepancy(real, fake),
        **dict(zip(["ta", "ra", "ga", "pr", "re"], percentages)),
    }


def test_results_are_floats_in_the_order_of_the_rows() -> None:
    metrics = evaluate_points(grid(60, seed=0), grid(60, seed=1), means=MEANS, std=STD)
    assert list(metrics) == list(POINT_METRICS) == NAMES
    assert {type(value) for value in metrics.values()} == {float}


def test_features_have_the_two_sample_metrics() -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.normal(size=(80, 12)).astype(np.float32), rng.normal(size=(70, 12)).astype(np.float32) + 0.5
    metrics = evaluate_features(real, fake)
    assert list(metrics) == NAMES[3:]
    assert metrics["wd"] == wasserstein_distance(real, fake)
    assert metrics["ga"] == 100 * nearest_neighbour_accuracies(real, fake).generated


def test_a_second_sample_of_the_data_is_as_good_as_the_data() -> None:
    metrics = evaluate_points(grid(1000, seed=0), grid(1000, seed=1), means=MEANS, std=STD)
    assert metrics["modes"] == 25
    assert metrics["hq"] == pytest.approx(100 * (1 - np.exp(-4.5)), abs=1.5)  # within 3 std in the plane: Rayleigh
    assert [metrics[name] for name in NAMES[5:]] == pytest.approx([50] * 5, abs=5.0)  # standard error 1.6
    assert metrics["mmd"] < 0.1


def test_a_collapsed_generator() -> None:
    real, fake = grid(400, seed=0), np.tile(MEANS[0], (400, 1))
    metrics = evaluate_points(real, fake, means=MEANS, std=STD)
    assert (metrics["modes"], metrics["hq"]) == (1, 100)
    assert metrics["wd"] == pytest.approx(np.linalg.norm(real - MEANS[0], axis=1).mean(), rel=1e-9)
    assert metrics["ga"] == 100
    assert metrics["ra"] > 90  # all but the component that the generator stands on
    assert metrics["kl"] > np.log(25)  # what a generator of one whole component scores


def test_each_distance_matrix_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes, cdist = [], two_sample.cdist
    monkeypatch.setattr(
        two_sample, "cdist", lambda a, b, metric: shapes.append((len(a), len(b))) or cdist(a, b, metric)
    )
    evaluate_points(grid(30, seed=0), grid(20, seed=1), means=MEANS, std=STD)
    assert sorted(shapes) == [(20, 20), (30, 20), (30, 30)]


def test_wrong_points_are_named() -> None:
    real, fake = grid(30, seed=0), grid(20, seed=1)
    with pytest.raises(InputError, match="2 real and 1 fake"):
        evaluate_points(real, fake[:, :1], means=MEANS, std=STD)
    with pytest.raises(InputError, match="`fake`: expected finite values"):
        evaluate_points(real, fake * np.nan, means=MEANS, std=STD)
    with pytest.raises(InputError, match="expected points in the plane"):
        evaluate_points(np.tile(real, 2), np.tile(fake, 2), means=np.tile(MEANS, 2), std=STD)
    with pytest.raises(InputError, match=r"`means`: expected finite values of shape \(K, 2\)"):
        evaluate_points(real, fake, means=MEANS[0], std=STD)
