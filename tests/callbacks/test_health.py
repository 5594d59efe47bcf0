"""Findings about the course of measurements."""

import math

import numpy as np
import pytest

from tf_infomax.callbacks import health
from tf_infomax.callbacks.health import COLLAPSES, findings, plateau, spread_like
from tf_infomax.callbacks.measurement_history import Measured

MODES, RECALL = COLLAPSES
IMAGES = spread_like(np.zeros((2, 4, 4, 1), np.uint8))


def history(metric: str, *values: float) -> list[Measured]:
    """Measurements every 100 steps."""
    return [Measured(100 * (number + 1), {metric: value}, 50.0) for number, value in enumerate(values)]


def events(metric: str, *values: float, distance: str | None = None) -> dict[int, str]:
    """All lines that a run with these measurements writes, by step."""
    measured = history(metric, *values)
    lines = {}
    for number in range(1, len(measured) + 1):
        for line in findings(measured[:number], spread=IMAGES, distance=distance):
            assert measured[number - 1].step not in lines
            lines[measured[number - 1].step] = line
    return lines


def test_a_plateau_is_ten_measurements_without_an_improvement_by_one_percent():
    falling = [100.0 * 0.9**number for number in range(20)]
    assert events("fid", *falling, distance="fid") == {}
    flat = [50.0, 20.0, *[19.9] * 9]
    assert events("fid", *flat, distance="fid") == {}  # Nine after the 20.
    assert list(events("fid", *flat, 19.81, distance="fid")) == [1200]
    assert events("fid", *flat, 19.79, distance="fid") == {}


def test_a_plateau_is_said_once_and_again_after_an_improvement():
    lines = events("fid", 20.0, *[21.0] * 15, 10.0, *[11.0] * 15, distance="fid")
    assert list(lines) == [1100, 2700]
    assert "step 1100: fid " in lines[1100] and "(best 20 at step 100)" in lines[1100]
    assert "(best 10 at step 1700)" in lines[2700]


def test_a_plateau_of_another_metric_or_of_none():
    values = [20.0] * 12
    assert events("kid", *values, distance="fid") == events("fid", *values, distance=None) == {}


def test_a_distance_below_zero_may_improve():
    """Unbiased estimates of a distance of zero are."""
    falling = [-0.001 * 2**number for number in range(12)]
    assert plateau(history("kid", *falling), "kid") is None
    assert plateau(history("kid", *[-0.001] * 11), "kid") is not None


def test_values_that_are_not_finite_are_not_measurements():
    assert events("fid", *[20.0] * 9, *[math.nan] * 9, 20.0, 20.0, distance="fid").keys() == {2000}
    assert events("modes", 480.0, math.nan, 200.0).keys() == {300}
    assert events("modes", math.inf, 200.0) == {}


def test_modes_fall_below_half_of_the_best():
    lines = events("modes", 100.0, 480.0, 300.0, 240.0, 239.0, 200.0)
    assert list(lines) == [500]
    assert lines[500] == ("step 500: 239 modes, fewer than half of the 480 at step 200: the generator is collapsing")


def test_what_falls_again_has_recovered_before():
    assert list(events("modes", 400.0, 100.0, 250.0, 100.0)) == [200]
    assert list(events("modes", 400.0, 100.0, 301.0, 100.0)) == [200, 400]


def test_recall_falls_from_above_a_fifth_to_almost_nothing():
    assert events("recall", 0.2, 0.04) == events("recall", 0.3, 0.05) == {}
    lines = events("recall", 0.1, 0.3, 0.25, 0.1, 0.04, 0.01)
    assert list(lines) == [500] and "recall 0.040 after 0.300 at step 200" in lines[500]


def test_no_modes_at_all_are_no_fall():
    assert events("modes", 0.0, 0.0, 1.0, 1.0) == {}


def test_a_metric_that_the_last_measurement_lacks():
    """A run may go on with other metrics."""
    measured = [*history("modes", 400.0, 100.0), Measured(300, {}, 50.0)]
    assert findings(measured, spread=IMAGES, distance=None) == []


def test_constant_samples_are_said_once():
    measured = [Measured(step, {}, spread) for step, spread in ((1, 0.4), (2, 0.2), (3, 0.6), (4, 0.1))]
    lines = [findings(measured[:number], spread=IMAGES, distance=None) for number in range(1, 5)]
    assert [len(line) for line in lines] == [1, 0, 0, 1]
    assert "step 4: images differ by 0.1 grey levels" in lines[3][0]


@pytest.mark.parametrize("num_images", [2, 300])
def test_the_spread_of_images_is_their_mean_deviation(num_images):
    images = np.random.default_rng(0).integers(0, 256, (num_images, 5, 4, 3), np.uint8)
    assert spread_like(images).measure(images) == pytest.approx(images.astype(float).std(axis=0).mean(), rel=1e-12)
    assert IMAGES.measure(np.repeat(images[:1], 9, axis=0)) == 0.0


def test_half_of_the_images_one_level_brighter_are_the_limit():
    images = np.zeros((10, 4, 4, 1), np.uint8)
    images[5:] = 1
    assert IMAGES.measure(images) == IMAGES.least == 0.5


def test_the_spread_of_points_is_relative_to_the_data():
    data = np.array([[0.0, 10.0], [1.0, 30.0], [2.0, 20.0]], np.float32)  # 20 high, 2 wide
    spread = spread_like(data)
    assert spread.measure(data) == 1.0 and spread.measure(data / 10) == pytest.approx(0.1)
    assert spread.measure(data[:1].repeat(5, axis=0)) == 0.0
    assert health.LEAST_EXTENT == spread.least < spread.measure(data * 1e-5)
