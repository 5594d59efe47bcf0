import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.data.permutation import permute_indices


@pytest.mark.parametrize("size", [1, 2, 3, 10, 1000, 4097])
def test_is_a_permutation(size):
    permuted = permute_indices(tf.range(size, dtype=tf.int64), size=size, seed=3, stream=1)
    np.testing.assert_array_equal(np.sort(permuted), np.arange(size))


def test_one_index_at_a_time_and_a_stream_for_each_index():
    together = permute_indices(tf.range(20, dtype=tf.int64) % 7, size=7, seed=3, stream=tf.range(20) // 7)
    alone = [permute_indices([k % 7], size=7, seed=3, stream=k // 7)[0] for k in range(20)]
    np.testing.assert_array_equal(together, alone)


def test_neighbouring_keys_and_indices_do_not_correlate():
    # With the four rounds of tf.random.experimental.index_shuffle neighbouring keys correlate by 0.4.
    size = 20_000
    orders = np.stack(
        [
            permute_indices(tf.range(size, dtype=tf.int64), size=size, seed=seed, stream=epoch)
            for seed, epoch in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
        ]
    )
    limit = 5 / np.sqrt(size)
    assert np.abs(np.corrcoef(orders) - np.eye(5)).max() < limit
    assert all(abs(np.corrcoef(order[:-1], order[1:])[0, 1]) < limit for order in orders)
