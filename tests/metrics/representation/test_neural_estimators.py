"""MINE and the neural dependency measure on distributions whose information is known."""

import copy
import math
import pickle

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation import mutual_information_estimate, neural_dependency
from tf_infomax.metrics.representation.estimate import Estimate

NUM_ROWS = 2000
FEW = {"hidden_units": 64, "steps": 150, "restarts": 2}
FEW_CODES = {"hidden_units": (32,), "steps": 60, "restarts": 2}


def correlated(information: float, num_dimensions: int, seed: int = 0) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Pairs of Gaussian vectors with correlated components, for training and for test."""
    correlation = math.sqrt(1 - math.exp(-2 * information / num_dimensions))
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(2 * NUM_ROWS, num_dimensions))
    codes = correlation * inputs + math.sqrt(1 - correlation**2) * rng.normal(size=inputs.shape)
    pairs = inputs.astype(np.float32), codes.astype(np.float32)
    return tuple(part[:NUM_ROWS] for part in pairs), tuple(part[NUM_ROWS:] for part in pairs)


def numbers(information: float, num_dimensions: int, seed: int = 0) -> tuple[np.ndarray, ...]:
    """The same as vectors, whose total correlation is that information."""
    return tuple(np.concatenate(pair, axis=1) for pair in correlated(information, num_dimensions, seed))


@pytest.mark.parametrize("information, num_dimensions", [(0.5, 1), (1.5, 2)])
def test_information_of_correlated_gaussians(information, num_dimensions):
    estimate = mutual_information_estimate(*correlated(information, num_dimensions), **FEW)
    assert estimate == pytest.approx(information, rel=0.15)
    assert 0 < estimate.standard_error < 0.1


def test_information_differs_little_between_seeds_and_rows():
    estimates = [mutual_information_estimate(*correlated(1.5, 2, seed), seed=seed, **FEW) for seed in range(3)]
    assert np.std(estimates) < 0.1


def test_a_seed_decides_the_estimate():
    pairs, few = correlated(1.0, 2), {**FEW, "steps": 30}
    first, again, other = (mutual_information_estimate(*pairs, seed=seed, **few) for seed in (1, 1, 2))
    assert first == again != other


def test_no_estimate_is_above_the_log_of_the_number_of_test_rows(monkeypatch):
    train, test = correlated(40.0, 8)
    few = tuple(part[:50] for part in test)
    assert math.log(50) - 0.5 < mutual_information_estimate(train, few, **FEW) <= math.log(50)
    monkeypatch.setattr("tf_infomax.metrics.representation.information.MAX_CANDIDATES", 10)
    assert math.log(10) - 0.2 < mutual_information_estimate(train, few, **FEW) <= math.log(10)


def test_information_of_independent_vectors_is_not_made_up():
    for seed in range(3):
        assert 0 <= mutual_information_estimate(*correlated(0.0, 2, seed), seed=seed, **{**FEW, "steps": 50}) < 0.02


def test_what_a_network_remembers_of_few_rows_is_not_counted():
    rng = np.random.default_rng(0)
    train, test = (
        tuple(rng.normal(size=[rows, 20]).astype(np.float32) for _ in range(2)) for rows in (60, NUM_ROWS // 2)
    )
    assert 0 <= mutual_information_estimate(train, test, hidden_units=256, steps=100) < 0.1


def test_information_of_images():
    """A code that is the mean of an image, with noise: through convolutions, and close to the analytic value."""
    rng = np.random.default_rng(0)
    means = rng.normal(scale=0.3, size=(2 * NUM_ROWS, 1)).astype(np.float32)
    images = np.tile(means[:, :, None, None], (1, 8, 8, 1))
    codes = means + rng.normal(scale=0.1, size=means.shape).astype(np.float32)
    pairs = [(images[rows], codes[rows]) for rows in (slice(NUM_ROWS), slice(NUM_ROWS, None))]
    analytic = 0.5 * math.log(1 + (0.3 / 0.1) ** 2)
    estimate = mutual_information_estimate(*pairs, base_channels=4, **{**FEW, "steps": 400})
    assert estimate == pytest.approx(analytic, rel=0.2)


@pytest.mark.parametrize("information, num_dimensions", [(0.5, 1), (10.0, 2), (50.0, 16)])
def test_dependency_of_correlated_numbers(information, num_dimensions):
    """Also where no bound by contrast with independent numbers could be as large."""
    estimate = neural_dependency(*numbers(information, num_dimensions), **FEW_CODES)
    assert estimate == pytest.approx(information, rel=0.1)
    assert 0 < estimate.standard_error < 0.05 * information + 0.02


def test_dependency_does_not_depend_on_the_scale_of_each_number():
    train, test = numbers(2.0, 2)
    plain, cubed = (neural_dependency(*parts, **FEW_CODES) for parts in ((train, test), (train**3, test**3)))
    assert plain == pytest.approx(cubed, rel=1e-6)


def test_dependency_without_correlation_is_found_by_the_networks():
    codes = np.random.default_rng(0).normal(size=(2 * NUM_ROWS, 3))
    codes[:, 2] = np.abs(codes[:, 2]) * np.sign(codes[:, 0] * codes[:, 1])
    train, test = codes[:NUM_ROWS], codes[NUM_ROWS:]
    assert neural_dependency(train, test, steps=1, restarts=1) < 0.02  # the Gaussian part
    estimate = neural_dependency(train, test, hidden_units=(64, 64), steps=300, restarts=2)
    assert 0.2 < estimate <= math.log(2)


@pytest.mark.parametrize("levels", [None, 2])
def test_dependency_of_independent_numbers_is_near_zero(levels):
    """Also where numbers take few values, such as the zeros of rectified units."""
    codes = np.random.default_rng(0).uniform(size=(2 * NUM_ROWS, 6)).astype(np.float32)
    codes = codes if levels is None else np.floor(levels * codes)
    for seed in range(2):
        assert 0 <= neural_dependency(codes[:NUM_ROWS], codes[NUM_ROWS:], seed=seed, **FEW_CODES) < 0.03


def test_constant_and_repeated_numbers_give_a_finite_dependency():
    codes = np.random.default_rng(0).normal(size=(400, 3))
    codes[:, 1], codes[:, 2] = codes[:, 0], 1.0  # the information of equal numbers is infinite
    assert 2 < neural_dependency(codes[:200], codes[200:], **FEW_CODES) < 10


def test_more_dead_units_than_rows_have_a_finite_dependency():
    codes = np.maximum(np.random.default_rng(0).normal(size=(200, 64)), 0)
    codes[:, :8] = 0.0
    assert np.isfinite(neural_dependency(codes[:60], codes[60:], **FEW_CODES))


def test_a_unit_that_was_dead_in_training_does_not_drown_the_others():
    train, test = correlated(1.5, 2)
    plain = mutual_information_estimate(train, test, **FEW)
    dead, alive = (np.zeros([NUM_ROWS, 1], np.float32) for _ in range(2))
    alive[3] = 0.5
    wider = [(pair[0], np.concatenate([pair[1], unit], axis=1)) for pair, unit in ((train, dead), (test, alive))]
    assert mutual_information_estimate(*wider, **FEW) == pytest.approx(plain, abs=0.2)


def test_codes_that_are_not_finite_or_of_other_width_are_refused():
    train, test = correlated(1.0, 2)
    broken = train[1].copy()
    broken[5, 0] = np.nan
    for measure in (
        lambda: mutual_information_estimate((train[0], broken), test, **FEW),
        lambda: neural_dependency(broken, test[1], **FEW_CODES),
    ):
        with pytest.raises(InputError, match="Features must be finite. Received: NaN or infinity"):
            measure()
    with pytest.raises(InputError, match="Features must be"):
        neural_dependency(train[1], test[1][:, :1], **FEW_CODES)


def test_pairs_must_match():
    train, test = correlated(0.5, 1)
    with pytest.raises(InputError, match="same length. Received: 2000 and 10"):
        mutual_information_estimate((train[0], train[1][:10]), test)
    broken = test[0].copy()
    broken[0] = np.nan
    with pytest.raises(InputError, match="Inputs must be finite"):
        mutual_information_estimate(train, (broken, test[1]), **FEW)


def test_an_estimate_can_be_copied_and_does_not_hide_what_is_no_number():
    estimate = Estimate(np.array([1.0, 3.0]))
    for copied in (copy.deepcopy(estimate), pickle.loads(pickle.dumps(estimate))):
        assert (copied, copied.standard_error) == (2.0, estimate.standard_error)
    assert np.isnan(Estimate(np.array([np.nan, 1.0]))) and Estimate(np.array([-1.0])) == 0.0


@pytest.mark.parametrize(
    "num_train, num_test, options, message",
    [
        (3, 9, {}, "four training rows and two test rows. Received: 3, 9"),
        (9, 1, {}, "four training rows and two test rows. Received: 9, 1"),
        (9, 9, {"restarts": 0}, "`restarts` must be at least 1. Received: 0"),
        (9, 9, {"steps": 0}, "`steps` must be at least 1. Received: 0"),
    ],
)
def test_nothing_to_estimate_from(num_train, num_test, options, message):
    with pytest.raises(InputError, match=message):
        neural_dependency(np.zeros((num_train, 2)), np.zeros((num_test, 2)), **options)
