"""Summaries of a map's rows: their equations, and what they may not see."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import PixelRNN


def features(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def test_a_summary_depends_on_its_row_and_those_above_alone():
    network = PixelRNN(6)
    before = features(2, 7, 7, 5)
    after = before.copy()
    after[:, 4, 3] += 1.0
    changed = np.abs(network(after) - network(before)).max(axis=(0, 3)) > 1e-6  # (rows, columns)
    assert not changed[:4].any()
    # A convolution of three neighbours carries it one column further with each row.
    for row, columns in enumerate([[2, 3, 4], [1, 2, 3, 4, 5], range(7)], start=4):
        np.testing.assert_array_equal(np.flatnonzero(changed[row]), columns)


def test_no_gradient_comes_from_a_row_below():
    network, row = PixelRNN(4), 2
    inputs = tf.constant(features(1, 5, 3, 4))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(network(inputs)[:, row] ** 2)
    gradient = np.abs(tape.gradient(total, inputs)).max(axis=(0, 2, 3))
    assert np.all(gradient[: row + 1] > 0) and np.all(gradient[row + 1 :] == 0.0)


def test_one_column_is_a_gated_recurrent_unit():
    """The neighbours of a single column are zeros: the middles of the kernels are those of Keras' layer."""
    network, units = PixelRNN(3), 3
    inputs = features(4, 5, 1, 2)
    outputs = network(inputs)
    reference = keras.layers.GRU(units, return_sequences=True, reset_after=True)
    reference.build((None, 5, 2))
    reference.set_weights([network.from_row.kernel[0, 1], network.from_above.kernel[1], np.zeros((2, 3 * units))])
    np.testing.assert_allclose(outputs[:, :, 0], reference(inputs[:, :, 0]), rtol=1e-4, atol=1e-6)


def test_16_bits_leave_summaries_in_full_precision():
    summaries = PixelRNN(3, dtype="mixed_bfloat16")(features(2, 4, 3, 5))
    assert summaries.dtype == tf.float32 and summaries.shape == (2, 4, 3, 3)


def test_bad_arguments():
    with pytest.raises(InputError, match="`units` must be at least 1. Received: 0"):
        PixelRNN(0)
