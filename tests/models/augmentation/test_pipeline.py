"""The pipeline of adaptive augmentation: identities, frequencies and distributions."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import random_images
from tf_infomax.models.augmentation.pipeline import PARAMETERS, augment, draw_parameters, placement

SEED = tf.constant([1, 2])
MANY = 4000


def drawn(probability: float) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in draw_parameters(MANY, SEED, probability).items()}


@pytest.mark.parametrize("shape", [(8, 8, 1), (6, 9, 3)])
def test_nothing_changes_with_a_probability_of_zero(shape):
    images = random_images(5, shape=shape)
    np.testing.assert_array_equal(augment(tf.constant(images), SEED, 0.0), images)
    assert not np.array_equal(augment(tf.constant(images), SEED, 0.5), images)


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_changes_are_as_frequent_as_they_should_be(probability):
    parameters = drawn(probability)
    chances = {name: probability for name, own in PARAMETERS.items()}
    chances |= {"mirror": probability / 2, "turns": probability * 3 / 4, "inversion": probability / 2}
    chances |= dict.fromkeys(("angle_before", "angle_after"), 1 - math.sqrt(1 - probability))
    for name, chance in chances.items():
        assert np.mean(parameters[name] != 0) == pytest.approx(chance, abs=0.03), name
    turned = (parameters["angle_before"] != 0) | (parameters["angle_after"] != 0)
    assert turned.mean() == pytest.approx(probability, abs=0.03)


def test_parameters_of_one_change_are_drawn_together():
    parameters = drawn(0.5)
    for one, other in (("right", "down"), ("drift_right", "drift_down")):
        np.testing.assert_array_equal(parameters[one] != 0, parameters[other] != 0)
    assert abs(np.corrcoef(parameters["brightness"] != 0, parameters["contrast"] != 0)[0, 1]) < 0.06


def test_distributions():
    parameters = drawn(1.0)
    for name, own in PARAMETERS.items():
        values = parameters[name]
        if own.choices:
            assert set(values) == set(range(own.choices))
        elif own.limit:
            assert -own.limit <= values.min() < -0.98 * own.limit and 0.98 * own.limit < values.max() < own.limit
        else:
            assert values.std() == pytest.approx(own.deviation, rel=0.05) and abs(values.mean()) < 0.1 * own.deviation
    correlations = np.corrcoef(np.stack([parameters[name] for name in PARAMETERS])) - np.eye(len(PARAMETERS))
    assert np.abs(correlations).max() < 0.06


def test_the_first_translation_is_by_whole_pixels():
    none = dict.fromkeys(PARAMETERS, tf.zeros([1]))
    matrix = placement({**none, "right": tf.constant([0.12]), "down": tf.constant([-0.1])}, 20, 10)
    np.testing.assert_array_equal(matrix[0], [[1, 0, -1], [0, 1, 2], [0, 0, 1]])
    matrix = placement({**none, "drift_right": tf.constant([0.125])}, 20, 10)
    np.testing.assert_allclose(matrix[0], [[1, 0, -1.25], [0, 1, 0], [0, 0, 1]])


def test_what_is_not_square_is_turned_by_half_a_turn_alone():
    none = dict.fromkeys(PARAMETERS, tf.zeros([4]))
    quarters = {**none, "turns": tf.constant([0.0, 1.0, 2.0, 3.0])}
    np.testing.assert_array_equal(placement(quarters, 20, 10)[:, 0, 0], [1, 1, -1, -1])
    np.testing.assert_array_equal(placement(quarters, 20, 20)[:, 0, 0], [1, 0, -1, 0])


def test_draws_follow_the_seed():
    images = tf.constant(random_images(8))
    one, again, other = (augment(images, tf.constant(seed), 0.5).numpy() for seed in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
