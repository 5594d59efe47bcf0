import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import random_images
from tf_infomax.objectives.locations import flatten_locations, sample_locations

SEED = tf.constant([1, 2])


def numbered(num_images: int, num_locations: int) -> tf.Tensor:
    """Features (B, M, 1) that name their image and location: 1000 image + location."""
    return tf.cast(1000 * tf.range(num_images)[:, None, None] + tf.range(num_locations)[None, :, None], tf.float32)


def test_rows_of_a_map_in_order():
    features = random_images(2, shape=(3, 4, 5))
    flat = flatten_locations(tf.constant(features))
    assert flat.shape == (2, 12, 5)
    for location, (row, column) in enumerate(np.ndindex(3, 4)):
        np.testing.assert_array_equal(flat[:, location], features[:, row, column])


def test_a_vector_is_a_map_of_one_location():
    features = tf.constant(random_images(2, shape=(5,)))
    np.testing.assert_array_equal(flatten_locations(features)[:, 0], features)
    assert flatten_locations(features).shape == (2, 1, 5)


@pytest.mark.parametrize(
    "num_locations, fraction, kept", [(16, 0.5, 8), (9, 0.5, 4), (16, 0.01, 1), (100, 0.29, 29), (64, 0.99, 63)]
)
def test_distinct_locations_of_each_image(num_locations, fraction, kept):
    features = numbered(6, num_locations)
    sample = sample_locations(features, fraction, SEED)
    assert sample.shape == (6, kept, 1)
    for image, row in enumerate(sample.numpy()[:, :, 0]):
        assert len(set(row)) == kept and set(row) <= set(features.numpy()[image, :, 0])


@pytest.mark.parametrize("num_locations, fraction", [(16, 1.0), (1, 0.1)])
def test_nothing_to_leave_out(num_locations, fraction):
    features = numbered(2, num_locations)
    assert sample_locations(features, fraction, SEED) is features


def test_images_and_steps_draw_for_themselves():
    locations = [sample_locations(numbered(2, 64), 0.5, tf.constant(seed)).numpy() % 1000 for seed in ([1, 2], [1, 3])]
    sets = [frozenset(row) for sample in locations for row in sample[:, :, 0]]
    assert len(set(sets)) == 4
    np.testing.assert_array_equal(sample_locations(numbered(2, 64), 0.5, tf.constant([1, 2])) % 1000, locations[0])


def test_every_location_is_drawn_as_often():
    """Of 4,000 images each location is in half, give or take four standard deviations of a binomial count."""
    sample = sample_locations(tf.tile(numbered(1, 8), [4000, 1, 1]), 0.5, SEED).numpy()
    counts = np.bincount(sample.astype(int).reshape(-1), minlength=8)
    assert np.all(np.abs(counts - 2000) < 4 * np.sqrt(4000 / 4))


def test_the_gradient_reaches_the_sample_alone():
    features = numbered(3, 10)
    with tf.GradientTape() as tape:
        tape.watch(features)
        sample = sample_locations(features, 0.5, SEED)
        total = tf.reduce_sum(sample)
    gradient = tape.gradient(total, features).numpy()
    for image in range(3):
        np.testing.assert_array_equal(gradient[image, :, 0], np.isin(features[image, :, 0], sample[image, :, 0]))


def test_replicas_draw_what_one_replica_draws(two_replicas):
    features = numbered(6, 16)
    halves = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.split(features, 2)[context.replica_id_in_sync_group]
    )
    draw = tf.function(lambda rows: two_replicas.run(lambda half: sample_locations(half, 0.5, SEED), (rows,)))
    samples = two_replicas.experimental_local_results(draw(halves))
    np.testing.assert_array_equal(tf.concat(samples, 0), sample_locations(features, 0.5, SEED))
