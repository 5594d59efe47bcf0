"""Noise as targets: the assignment, the table that keeps it, and what passes for row numbers."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from tests.objectives.test_encoder_infomax import SEED, built, encoded
from tests.tiny import batches, random_images
from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.models import DeepInfoMax
from tf_infomax.networks import ConvolutionalEncoder
from tf_infomax.objectives import EncodedBatch, NoiseAsTargets
from tf_infomax.objectives.noise_as_targets import assign_targets

NUM_IMAGES = 20


def unit_vectors(count: int, seed: int, dim: int = 4) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def small() -> NoiseAsTargets:
    return built(NoiseAsTargets(NUM_IMAGES), encoded())


def with_rows(rows: list[int]) -> EncodedBatch:
    return encoded(batch_size=len(rows))._replace(labels=tf.constant(rows, tf.int64))


def sorted_rows(table) -> np.ndarray:
    values = np.array(tf.convert_to_tensor(table))
    return values[np.lexsort(values.T)]


def test_targets_are_on_the_sphere():
    targets = tf.convert_to_tensor(built(NoiseAsTargets(5000), encoded()).targets)
    np.testing.assert_allclose(np.linalg.norm(targets, axis=1), 1.0, rtol=1e-5)
    # Uniform: the mean is at the centre, and so many vectors differ from it by 1 / sqrt(5000 * 4) in each direction.
    assert np.abs(np.mean(targets, axis=0)).max() < 5 / np.sqrt(5000 * 4)
    np.testing.assert_allclose(np.cov(np.transpose(targets)), np.eye(4) / 4, atol=0.02)


def test_the_assignment_is_scipys_and_the_least_of_all():
    outputs, targets = unit_vectors(6, 1), unit_vectors(6, 2)
    givers = assign_targets(outputs, targets, np.array([7, 3, 19, 0, 4, 11]))
    costs = cdist(outputs, targets, "sqeuclidean")
    np.testing.assert_array_equal(givers, linear_sum_assignment(costs)[1])
    totals = [costs[np.arange(6), list(order)].sum() for order in itertools.permutations(range(6))]
    assert costs[np.arange(6), givers].sum() == pytest.approx(min(totals), rel=1e-6)


def test_an_image_that_is_there_twice_has_one_target():
    outputs, targets = unit_vectors(5, 1), unit_vectors(5, 2)
    rows = np.array([4, 9, 4, 2, 9])
    targets[2], targets[4] = targets[0], targets[1]
    givers = assign_targets(outputs, targets, rows)
    first = [0, 1, 3]
    expected = linear_sum_assignment(cdist(outputs[first], targets[first], "sqeuclidean"))[1]
    np.testing.assert_array_equal(givers[first], np.array(first)[expected])
    assert givers[2] == givers[0] and givers[4] == givers[1]


def test_outputs_that_are_not_finite_change_nothing():
    outputs = unit_vectors(3, 1)
    outputs[1, 2] = np.nan
    np.testing.assert_array_equal(assign_targets(outputs, unit_vectors(3, 2), np.array([5, 1, 3])), [0, 1, 2])


def test_the_loss_is_half_the_squared_distance_to_the_targets_dealt_out():
    objective, batch = small(), with_rows([3, 17, 0, 8])
    before = np.array(tf.convert_to_tensor(objective.targets))[[3, 17, 0, 8]]
    loss, logs = objective.loss(batch)
    outputs = np.array(tf.math.l2_normalize(batch.features["output"], axis=-1))
    costs = cdist(outputs, before, "sqeuclidean")
    images, givers = linear_sum_assignment(costs)
    assert float(loss) == pytest.approx(0.5 * costs[images, givers].mean(), rel=1e-5)
    assert float(logs["moved"]) == np.mean(givers != images) > 0
    after = np.array(tf.convert_to_tensor(objective.targets))
    np.testing.assert_array_equal(after[[3, 17, 0, 8]], before[givers])
    repeated, logs = objective.loss(batch)
    assert float(repeated) == pytest.approx(float(loss), rel=1e-6) and float(logs["moved"]) == 0.0


def test_the_table_stays_a_permutation_of_its_rows():
    objective = small()
    before = sorted_rows(objective.targets)
    rng, moved = np.random.default_rng(0), 0.0
    for _ in range(30):
        rows = rng.permutation(NUM_IMAGES)[:8]
        rows[7] = rows[rng.integers(8)]  # as where one epoch ends and the next begins
        batch = with_rows(list(rows))
        outputs = tf.constant(unit_vectors(8, int(rng.integers(1000))))
        moved += float(objective.loss(batch._replace(features={**batch.features, "output": outputs}))[1]["moved"])
    np.testing.assert_array_equal(sorted_rows(objective.targets), before)
    assert moved > 10 and not objective.trainable_variables


def test_gradients_reach_the_outputs_alone():
    objective, batch = small(), with_rows([3, 17, 0, 8])
    outputs = batch.features["output"]
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        loss, _ = objective.loss(batch)
    gradient = tape.gradient(loss, outputs)
    np.testing.assert_allclose(tf.reduce_sum(gradient * outputs, axis=-1), 0.0, atol=1e-6)  # along the sphere
    assert np.abs(gradient).max() > 1e-3


def test_two_replicas_equal_one(two_replicas):
    rows = [3, 17, 0, 8, 9, 3]
    batch, alone = with_rows(rows), small()
    with two_replicas.scope():
        together = small()
    together.targets.assign(alone.targets)

    def replica_loss():
        own = slice(3 * distribution.replica_id(), 3 * distribution.replica_id() + 3)
        shares = [{name: feature[own] for name, feature in part.items()} for part in batch[:2]]
        loss, logs = together.loss(EncodedBatch(*shares, SEED, batch.labels[own]))
        return loss, logs["moved"]

    results = two_replicas.run(tf.function(replica_loss, autograph=False))
    losses, moved = (two_replicas.experimental_local_results(result) for result in results)
    loss, logs = alone.loss(batch)
    assert np.mean(losses) == pytest.approx(float(loss), rel=1e-5)
    assert np.mean(moved) == pytest.approx(float(logs["moved"]), rel=1e-5)
    for copy in two_replicas.experimental_local_results(together.targets.value):
        np.testing.assert_array_equal(copy, tf.convert_to_tensor(alone.targets))


def model_of(num_images: int) -> DeepInfoMax:
    encoder = ConvolutionalEncoder(28, base_channels=4, fc_units=8, output_dim=6, num_channels=1)
    model = DeepInfoMax(encoder, [NoiseAsTargets(num_images)])
    model.compile(encoder_optimizer=keras.optimizers.Adam(3e-3), run_eagerly=True)
    return model


def test_outputs_come_near_their_targets():
    model = model_of(32)
    images, rows = random_images(32, shape=(28, 28, 1)), np.arange(32)
    losses = model.fit(images, rows, batch_size=32, epochs=60, verbose=0).history["encoder/noise_as_targets"]
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize(
    "rows, message",
    [
        (None, "Received: none"),
        (np.zeros(16, np.float32), "Received: float32"),
        (np.arange(16) - 1, "from 0 to 15. Received: -1 to 14"),
        (np.arange(16) + 1, "from 0 to 15. Received: 1 to 16"),
        (np.arange(16) % 4, "of which there are 16. Received: 16 labels, 4 of them 0"),
    ],
)
def test_labels_that_are_no_row_numbers(rows, message):
    model = model_of(16)
    images = random_images(16, shape=(28, 28, 1))
    with pytest.raises(
        InputError, match=f"Labels must be the row numbers of the images in the training set.*{message}"
    ):
        model.fit(images, rows, batch_size=8, verbose=0)
    assert int(model.step_counter) == 0


def test_more_images_than_targets():
    images = random_images(32, shape=(28, 28, 1))
    with pytest.raises(InputError, match="of which there are 16. Received: 32 labels, 2 of them 0"):
        model_of(16).fit(images, np.tile(np.arange(16), 2), verbose=0)


def test_a_later_batch_is_checked_in_its_step(with_graphs):
    model = model_of(8)
    model.run_eagerly = False
    rows = np.concatenate([np.arange(8), np.arange(8) + 1])
    data = batches((random_images(16, shape=(28, 28, 1)), rows), 8)
    before = sorted_rows(model.objectives[0].targets)
    with pytest.raises(InputError, match="from 0 to 7. Received: 1 to 8$"):
        model.fit(data, shuffle=False, verbose=0)
    np.testing.assert_array_equal(sorted_rows(model.objectives[0].targets), before)


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: NoiseAsTargets(0), "`num_images` must be at least 1. Received: 0"),
        (lambda: model_of(8).compile(jit_compile=True), "`jit_compile` must be False with noise_as_targets, .*: True"),
        (lambda: small().loss(encoded()), "integers .B,.. Received: no labels"),
        (lambda: small().loss(encoded()._replace(labels=tf.zeros([4]))), "Received: float32 .4,"),
    ],
)
def test_bad_arguments(build, message):
    with pytest.raises(InputError, match=message):
        build()
