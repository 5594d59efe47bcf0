"""Running means of logged terms: over steps, over the updates of a step and over replicas."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import batches, random_images, tiny_gan
from tf_infomax.models.running_means import RunningMeans
from tf_infomax.models.stop_vote import StopVote


def test_means_since_the_last_reset():
    means = RunningMeans(["a", "b"])
    assert means.result() == {"a": 0, "b": 0}
    for values in ([1.0, 10.0], [3.0, 30.0]):
        means.update_state(tf.constant(values))
    assert means.result() == {"a": 2, "b": 20}
    means.reset_state()
    means.update_state(tf.constant([np.nan, 1.0]))
    assert np.isnan(means.result()["a"]) and means.result()["b"] == 1


def test_updates_of_a_step_count_alike():
    gan = tiny_gan()
    gan.compile(discriminator_steps=2)
    updates = [{"discriminator/total": tf.constant(value)} for value in (1.0, 4.0)]
    gan._running_means = RunningMeans(["discriminator/total", "generator/total"])
    assert gan.report([*updates, {"generator/total": tf.constant(7.0)}]) == {
        "discriminator/total": 2.5,
        "generator/total": 7,
    }


def test_replicas_have_equal_means(two_replicas):
    with two_replicas.scope():
        gan = tiny_gan()
        gan.compile()
        gan._running_means = RunningMeans(["loss"])
    losses = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant([1.0, 5.0][context.replica_id_in_sync_group])
    )
    step = tf.function(lambda loss: two_replicas.run(lambda own: gan.report([{"loss": own}]), args=(loss,)))
    for expected in (3.0, 3.0):
        assert [float(mean) for mean in two_replicas.experimental_local_results(step(losses)["loss"])] == [expected] * 2


def test_a_saved_model_has_none(tmp_path):
    gan = tiny_gan()
    gan.compile()
    gan.fit(batches(random_images(4), 4), verbose=0, shuffle=False)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert {float(mean) for mean in loaded.get_metrics_result().values()} == {0.0}
    assert float(gan.get_metrics_result()["discriminator/total"]) > 0


def test_steps_per_execution_needs_one_replica(two_replicas):
    with two_replicas.scope():
        gan = tiny_gan()
        gan.compile(steps_per_execution=2)
    with pytest.raises(ValueError, match="`steps_per_execution` must be 1 under several replicas. Received: 2"):
        gan.fit(batches(random_images(4), 4), verbose=0, shuffle=False)


def test_a_vote_is_carried_by_one_wish():
    vote = StopVote()
    vote.count(vote.own)
    assert not vote.is_carried
    vote.cast()
    vote.count(vote.own / 4)
    assert vote.is_carried
    vote.reset()
    assert not vote.is_carried and float(vote.own) == 0
