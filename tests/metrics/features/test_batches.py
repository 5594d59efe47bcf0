import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.batches import BatchedFunction

IMAGES = np.random.default_rng(0).integers(0, 256, size=(11, 2, 3, 1), dtype=np.uint8)


def sums(images: tf.Tensor) -> dict[str, tf.Tensor]:
    return {"sum": tf.reduce_sum(tf.cast(images, tf.int32), axis=[1, 2, 3]), "images": images}


@pytest.mark.parametrize("batch_size", [1, 4, 11, 50])
def test_batches_are_put_together_in_order(batch_size: int) -> None:
    outputs = BatchedFunction(sums, batch_size=batch_size)(IMAGES)
    np.testing.assert_array_equal(outputs["sum"], IMAGES.astype(int).sum(axis=(1, 2, 3)))
    np.testing.assert_array_equal(outputs["images"], IMAGES)


@pytest.mark.parametrize("batch_size", [1, 4, 5])  # one image for two replicas; an odd rest
def test_replicas_share_a_batch(batch_size: int, two_replicas: tf.distribute.Strategy) -> None:
    shares = []

    def record(images: tf.Tensor) -> dict[str, tf.Tensor]:
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        tf.py_function(lambda *share: shares.append(tuple(map(int, share))), [replica, tf.shape(images)[0]], [])
        return sums(images)

    with two_replicas.scope():
        function = BatchedFunction(record, batch_size=batch_size)
    outputs = function(IMAGES)
    np.testing.assert_array_equal(outputs["images"], IMAGES)
    np.testing.assert_array_equal(outputs["sum"], sums(IMAGES)["sum"])
    assert {replica for replica, _ in shares} == {0, 1}
    assert max(count for _, count in shares) == (batch_size + 1) // 2


def test_batches_have_an_image() -> None:
    with pytest.raises(InputError, match="`batch_size` must be at least 1. Received: 0"):
        BatchedFunction(sums, batch_size=0)
