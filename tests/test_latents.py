import itertools

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.latents import (
    check_seed,
    generation_labels,
    generation_latents,
    generation_seed,
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
