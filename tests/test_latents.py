import itertools

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.latents import (
    LatentChoice,
    check_seed,
    generation_labels,
    generation_latents,
    generation_seed,
    interpolated_latents,
    normal_latents,
    stateless_seed,
    truncated_latents,
)


def test_seeds_differ_in_each_of_their_parts():
    parts = itertools.product((0, 1, 2**31 - 1), (0, 1, 100_000), ("discriminator/latents", "generator/latents"))
    seeds = {tuple(stateless_seed(*part).numpy()) for part in parts}
    assert len(seeds) == 3 * 3 * 2


def test_numbers_and_tensors_give_the_same_seed():
    seed = stateless_seed(0, 0, "generate")
    assert seed.dtype == tf.int32 and seed.shape == (2,)
    np.testing.assert_array_equal(seed, stateless_seed(tf.constant(0), tf.constant(0, tf.int64), "generate"))


def test_seed_in_a_graph_equals_the_eager_one():
    traced = tf.function(lambda seed, step: stateless_seed(seed, step, "generator/latents"))
    np.testing.assert_array_equal(traced(tf.constant(3), tf.constant(7)), stateless_seed(3, 7, "generator/latents"))


def test_latents_are_standard_normal():
    latents = normal_latents(20_000, 5, stateless_seed(0, 0, "test")).numpy()
    assert latents.shape == (20_000, 5) and latents.dtype == np.float32
    np.testing.assert_allclose(latents.mean(0), 0.0, atol=0.04)
    np.testing.assert_allclose(np.cov(latents.T), np.eye(5), atol=0.04)


def test_generation_latents_are_a_function_of_the_seed():
    first, again, other = (generation_latents(4, 3, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.any(np.isclose(first, other))


@pytest.mark.parametrize("number", [1, 3, 255, 256, 700])
def test_fewer_are_the_first_of_more(number):
    np.testing.assert_array_equal(generation_latents(number, 3, 5), generation_latents(1000, 3, 5)[:number])
    np.testing.assert_array_equal(generation_labels(number, 10, 5), generation_labels(1000, 10, 5)[:number])


@pytest.mark.parametrize("seed", [2**31, 2**32 + 5, -(2**31) - 1])
def test_seeds_that_would_become_others(seed):
    with pytest.raises(InputError, match=f"`seed` must be from .* Received: {seed}"):
        check_seed(seed)


def test_every_seed_of_a_run_has_its_own():
    runs = (0, 1, 2**31 - 1, 2**31, 2**32 - 1)
    seeds = [generation_seed(seed) for seed in runs]
    assert seeds == [0, 1, 2**31 - 1, -(2**31), -1]
    for seed, run in zip(seeds, runs):
        check_seed(seed)
        np.testing.assert_array_equal(generation_latents(2, 3, seed), generation_latents(2, 3, run))


@pytest.mark.parametrize("step", [0, 1])
def test_steps_of_a_run_do_not_repeat_rows(step):
    rows = normal_latents(4, 3, stateless_seed(0, step, "generator/latents")).numpy()
    others = normal_latents(4, 3, stateless_seed(0, step + 1, "generator/latents")).numpy()
    assert len(np.unique(np.concatenate([rows, others]), axis=0)) == 8


@pytest.mark.parametrize("bound", [0.3, 1.0, 2.5])
def test_truncated_latents_follow_the_truncated_normal(bound):
    latents = generation_latents(50, 40, 3)
    truncated = truncated_latents(latents, tf.fill([50], bound)).numpy()
    # Equal quantiles of both distributions.
    expected = scipy.stats.truncnorm.ppf(scipy.stats.norm.cdf(latents.numpy().astype(np.float64)), -bound, bound)
    np.testing.assert_allclose(truncated, expected, rtol=1e-5, atol=1e-6)
    assert np.max(np.abs(truncated)) <= bound
    assert scipy.stats.kstest(truncated.ravel(), scipy.stats.truncnorm(-bound, bound).cdf).pvalue > 1e-3


def test_a_wide_bound_changes_nothing_and_each_row_has_its_own():
    latents = generation_latents(3, 5, 0)
    truncated = truncated_latents(latents, tf.constant([8.0, 1e-3, 100.0]))
    np.testing.assert_allclose(truncated[0], latents[0], rtol=1e-6)
    np.testing.assert_allclose(truncated[2], latents[2], rtol=1e-6)
    assert np.max(np.abs(truncated[1])) <= 1e-3


def test_truncation_keeps_numbers_that_are_far_out():
    far = tf.constant([[-12.0, 6.0, 0.0, 12.0]])
    np.testing.assert_allclose(truncated_latents(far, tf.constant([2.0])), [[-2, 2, 0, 2]], rtol=1e-6)


def angle(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Angles (N,) between rows."""
    first, second = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (first, second))
    return np.arccos(np.clip(np.sum(first * second, axis=1), -1, 1))


def test_an_arc_has_its_ends_and_equal_steps():
    start, end = generation_latents(5, 64, 0), generation_latents(5, 64, 7)
    np.testing.assert_array_equal(interpolated_latents(start, end, 0.0), start)
    np.testing.assert_allclose(interpolated_latents(start, end, 1.0), end, atol=1e-6)
    ways = [
        interpolated_latents(start / tf.norm(start, axis=1)[:, None], end / tf.norm(end, axis=1)[:, None], t / 4)
        for t in range(5)
    ]
    np.testing.assert_allclose([np.linalg.norm(way, axis=1) for way in ways], 1.0, rtol=1e-5)
    steps = [angle(way.numpy(), after.numpy()) for way, after in zip(ways, ways[1:])]
    np.testing.assert_allclose(steps, np.tile(angle(start.numpy(), end.numpy()) / 4, (4, 1)), rtol=1e-3)


def test_latents_on_an_arc_are_as_long_as_normal_ones():
    start, end = generation_latents(200, 128, 0), generation_latents(200, 128, 7)
    lengths = np.mean(np.square(interpolated_latents(start, end, 0.5)), axis=1)
    np.testing.assert_allclose(np.mean(lengths), 1.0, atol=0.02)
    assert np.mean(np.square((start + end) / 2)) < 0.6


@pytest.mark.parametrize("factor", [1.0, 3.0, -1.0])
def test_parallel_and_opposite_latents_are_joined_by_a_line(factor):
    start = generation_latents(2, 3, 0)
    middle = interpolated_latents(start, factor * start, 0.5)
    np.testing.assert_allclose(middle, (1 + factor) / 2 * start, atol=1e-3)


def test_each_seed_has_its_first_latents_and_label():
    choice = LatentChoice(seeds=(3, -17, 42))
    assert choice.number(None, 64) == 3
    for row, seed in enumerate(choice.seeds):
        np.testing.assert_array_equal(choice.latents(3, 4)[row], generation_latents(8, 4, seed)[0])
        np.testing.assert_array_equal(choice.labels(3, 10)[row], generation_labels(8, 10, seed)[0])
    np.testing.assert_array_equal(choice.latents(7, 4), np.tile(choice.latents(3, 4), (3, 1))[:7])


def test_a_choice_of_one_seed_is_that_of_generate():
    choice = LatentChoice(5)
    assert choice.number(None, 64) == 64 and choice.number(9, 64) == 9
    np.testing.assert_array_equal(choice.latents(9, 4), generation_latents(9, 4, 5))
    np.testing.assert_array_equal(choice.labels(9, 10), generation_labels(9, 10, 5))


@pytest.mark.parametrize("seeds", [None, (3, 4)])
def test_a_choice_keeps_to_its_bound(seeds):
    free, bound = LatentChoice(seeds=seeds).latents(50, 40), LatentChoice(seeds=seeds, truncation=0.5).latents(50, 40)
    assert np.max(np.abs(free)) > 2 and np.max(np.abs(bound)) <= 0.5
    np.testing.assert_array_equal(bound, truncated_latents(free, tf.fill([50], 0.5)))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"seeds": ()}, r"`seeds` must be distinct, at least one. Received: \[\]"),
        ({"seeds": (3, 3)}, r"`seeds` must be distinct, at least one. Received: \[3, 3\]"),
        ({"seeds": (3,), "seed": 1}, "`seed` must not be given beside `seeds`. Received: 1"),
        ({"seeds": (2**31,)}, "`seed` must be from .* Received: 2147483648"),
        ({"truncation": 0.0}, "`truncation` must be positive. Received: 0.0"),
        ({"truncation": -1.0}, "`truncation` must be positive. Received: -1.0"),
        ({"truncation": float("nan")}, "`truncation` must be .* Received: nan"),
    ],
)
def test_what_cannot_be_chosen(options, message):
    with pytest.raises(InputError, match=message):
        LatentChoice(**options)


def test_seeds_have_one_sample_each():
    with pytest.raises(InputError, match="`num_images` must not be given beside `seeds`, .* Received: 5"):
        LatentChoice(seeds=(3, 4)).number(5, 64)
