import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.data import image_source_from_arrays, load_source, training_dataset
from tf_infomax.errors import InputError
from tf_infomax.images import to_float

NUM_IMAGES = 23


@pytest.fixture
def source():
    """Image k is filled with grey level k and has label k."""
    numbers = np.arange(NUM_IMAGES)
    images = np.broadcast_to(numbers.astype(np.uint8)[:, None, None, None], (NUM_IMAGES, 4, 4, 1)).copy()
    return image_source_from_arrays(images, numbers, name="numbers", split="train", num_classes=NUM_IMAGES)


def order(source, **options):
    dataset = training_dataset(source, **{"batch_size": 5, "num_steps": 20, "seed": 0} | options)
    return np.array([labels for _, labels in dataset.as_numpy_iterator()])


def test_elements(source):
    dataset = training_dataset(source, batch_size=5, num_steps=7, seed=0)
    assert dataset.element_spec == (tf.TensorSpec((5, 4, 4, 1), tf.float32), tf.TensorSpec((5,), tf.int64))
    assert dataset.cardinality() == 7
    for images, labels in dataset:
        np.testing.assert_array_equal(images, to_float(np.tile(labels.numpy()[:, None, None, None], (1, 4, 4, 1))))
        assert -1.0 <= images.numpy().min() and images.numpy().max() <= 1.0


def test_row_numbers_take_the_place_of_labels(source):
    others = source.num_images - 1 - np.arange(source.num_images)  # labels that tell rows apart, but are not theirs
    images = source.images_at(np.arange(source.num_images))
    relabelled = image_source_from_arrays(images, others, name="numbers", split="train", num_classes=NUM_IMAGES)
    np.testing.assert_array_equal(order(relabelled, row_numbers=True), order(source))
    np.testing.assert_array_equal(order(relabelled), NUM_IMAGES - 1 - order(source))


def test_nothing_tunes_it(source):
    # tf.data's tuner sleeps for up to a minute, and `fit` would not end before it wakes up.
    dataset = training_dataset(source, batch_size=5, num_steps=7, seed=0)
    assert dataset.options().autotune.enabled is False and dataset.options().deterministic is True


def test_every_epoch_is_another_permutation_of_the_whole_set(source):
    epochs = order(source, num_steps=NUM_IMAGES).reshape(5, NUM_IMAGES)
    np.testing.assert_array_equal(np.sort(epochs, axis=1), np.tile(np.arange(NUM_IMAGES), (5, 1)))
    assert len({tuple(epoch) for epoch in epochs}) == 5


@pytest.mark.parametrize("start_step", [1, 5, 11, 20])
def test_starting_at_a_step_equals_skipping_to_it(source, start_step):
    np.testing.assert_array_equal(order(source, start_step=start_step).reshape(-1, 5), order(source)[start_step:])


def test_order_follows_the_seed(source):
    np.testing.assert_array_equal(order(source, seed=3), order(source, seed=3))
    assert (order(source, seed=3) != order(source, seed=4)).any()


def test_without_shuffling_the_order_is_that_of_the_source(source):
    np.testing.assert_array_equal(order(source, shuffle=False).ravel(), np.arange(100) % NUM_IMAGES)


def test_a_batch_may_be_the_whole_set(source):
    np.testing.assert_array_equal(np.sort(order(source, batch_size=NUM_IMAGES, num_steps=1)[0]), np.arange(NUM_IMAGES))


def test_far_steps_are_reached_at_once():
    far = 10**12
    source = load_source("stacked-digits", split="train", image_size=32)
    batch, _ = next(iter(training_dataset(source, batch_size=4, num_steps=far + 1, seed=0, start_step=far)))
    assert batch.shape == (4, 32, 32, 3)


def test_replicas_get_the_next_parts_of_the_batch(source, two_replicas):
    dataset = training_dataset(source, batch_size=6, num_steps=8, seed=0)
    halves = [
        [labels.numpy() for labels in two_replicas.experimental_local_results(batch[1])]
        for batch in two_replicas.experimental_distribute_dataset(dataset)
    ]
    np.testing.assert_array_equal(np.reshape(halves, (8, 6)), order(source, batch_size=6, num_steps=8))


def test_a_source_made_under_a_strategy_is_the_same(source, two_replicas):
    with two_replicas.scope():
        digits = load_source("digits", split="test", image_size=28)
        dataset = training_dataset(digits, batch_size=4, num_steps=2, seed=0)
    outside = training_dataset(load_source("digits", split="test", image_size=28), batch_size=4, num_steps=2, seed=0)
    for (inner, _), (outer, _) in zip(dataset, outside, strict=True):
        np.testing.assert_array_equal(inner, outer)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"batch_size": 0}, "`batch_size` .*`discriminator_steps` .* must be from 1 to 23.*Received: 0"),
        ({"batch_size": 24}, "from 1 to 23, .* 'numbers' .* 'train'. Received: 24"),
        ({"start_step": -1}, "from 0 to `num_steps` = 20. Received: -1"),
        ({"start_step": 21}, "from 0 to `num_steps` = 20. Received: 21"),
    ],
)
def test_refuses_wrong_numbers(source, options, message):
    with pytest.raises(InputError, match=message):
        order(source, **options)


def test_images_as_bytes(source):
    as_bytes, as_float = (
        training_dataset(source, batch_size=5, num_steps=3, seed=0, to_float=f) for f in (False, True)
    )
    for (images, labels), (expected, expected_labels) in zip(as_bytes, as_float, strict=True):
        assert images.dtype == tf.uint8
        np.testing.assert_array_equal(to_float(images), expected)
        np.testing.assert_array_equal(labels, expected_labels)
