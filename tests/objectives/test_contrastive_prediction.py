"""Contrastive prediction of rows: what is compared, what a summary sees, and the value of the loss."""

import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.test_encoder_infomax import SEED, built, encoded
from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.objectives import ContrastivePrediction, EncodedBatch

ESTIMATORS = ("dv", "jsd", "infonce")


def small(estimator: str = "infonce", num_rows: int = 2) -> ContrastivePrediction:
    """For the maps of three rows that `encoded` has."""
    return built(ContrastivePrediction(estimator=estimator, num_rows=num_rows, head_units=8), encoded())


def embedded(objective: ContrastivePrediction, feature_map: tf.Tensor, distance: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the embeddings of the summaries that predict, and of all local features."""
    head, summaries = objective.heads[distance - 1], objective.summaries(feature_map)
    queries = tf.reshape(summaries[:, :-distance], [-1, feature_map.shape[-1]])
    locations = tf.reshape(feature_map, [len(feature_map), -1, feature_map.shape[-1]])
    return head.global_embedding(queries, training=True).numpy(), head.local_embedding(locations, training=True).numpy()


def test_the_loss_is_that_of_picking_each_feature_among_all():
    batch, objective = encoded(), small()
    feature_map = batch.features["local_features"]
    images, height, width, _ = feature_map.shape
    losses, hits = [], []
    for distance in (1, 2):
        queries, keys = embedded(objective, feature_map, distance)
        keys = keys.reshape(images, height, width, -1)
        own_losses, own_hits = [], []
        for number, query in enumerate(queries):
            image, row, column = np.unravel_index(number, (images, height - distance, width))
            scores = (keys @ query).astype(np.float64)
            own = scores[image, row + distance, column]
            largest = scores.max()
            own_losses.append(largest + np.log(np.exp(scores - largest).sum()) - own)
            own_hits.append(own == largest)
        losses.append(np.mean(own_losses))
        hits.append(np.mean(own_hits))
    loss, logs = objective.loss(batch)
    assert float(loss) == pytest.approx(np.mean(losses), rel=1e-4)
    assert float(logs["accuracy"]) == pytest.approx(np.mean(hits), abs=1e-6)


def test_equal_features_are_picked_by_chance():
    batch, objective = encoded(), small()
    same = tf.ones_like(batch.features["local_features"])
    loss, logs = objective.loss(batch._replace(features={**batch.features, "local_features": same}))
    # The summaries differ, but not what they are compared with: 4 images of 3 x 2 locations.
    assert float(loss) == pytest.approx(np.log(4 * 3 * 2), rel=1e-4) and float(logs["accuracy"]) == 0.0


@pytest.mark.parametrize("distance", [1, 2])
def test_a_prediction_does_not_see_what_it_predicts(distance):
    """Through its summary: the heads' batch statistics see the whole batch, so they are left out."""
    objective, feature_map = small(), encoded().features["local_features"]
    changed = feature_map + tf.one_hot([distance], 3)[0][None, :, None, None] * 3.0
    before, after = (objective.summaries(features)[:, :-distance] for features in (feature_map, changed))
    np.testing.assert_array_equal(before[:, :distance], after[:, :distance])
    scores, own = objective.pair_scores(feature_map, objective.summaries(feature_map), distance, training=False)
    rows = own.numpy() % 6 // 2
    np.testing.assert_array_equal(rows, np.tile(np.repeat(np.arange(distance, 3), 2), 4))
    assert scores.shape == (4 * (3 - distance) * 2, 4 * 6, 1)


def test_heads_and_summaries_train():
    batch, objective = encoded(), small()
    with tf.GradientTape() as tape:
        loss, _ = objective.loss(batch)
    gradients = tape.gradient(loss, [variable.value for variable in objective.trainable_variables])
    assert all(gradient is not None for gradient in gradients)
    assert len(objective.summaries.trainable_variables) == 3 and len(objective.heads) == 2


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_two_replicas_equal_one(estimator, two_replicas):
    """In inference mode, as batch normalisation has tests of its own."""
    batch = encoded(batch_size=4)
    with two_replicas.scope():
        objective = small(estimator, num_rows=1)
    objective.pair_scores = lambda *arguments: ContrastivePrediction.pair_scores(objective, *arguments, training=False)

    def replica_loss():
        rows = slice(2 * distribution.replica_id(), 2 * distribution.replica_id() + 2)
        shares = [{name: feature[rows] for name, feature in part.items()} for part in batch[:2]]
        return objective.loss(EncodedBatch(*shares, SEED))[0]

    losses = two_replicas.experimental_local_results(two_replicas.run(tf.function(replica_loss, autograph=False)))
    assert np.mean(losses) == pytest.approx(float(objective.loss(batch)[0]), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: ContrastivePrediction(estimator="nce"), "must be one of dv, jsd, infonce. Received: nce"),
        (lambda: ContrastivePrediction(num_rows=0), "`num_rows` must be at least 1. Received: 0"),
        (lambda: built(ContrastivePrediction(layer="x"), encoded()), "`layer` must be one of .* Received: x"),
        (lambda: small(num_rows=3), "`num_rows` must be below 3, the rows of `local_features`. Received: 3"),
    ],
)
def test_bad_arguments(build, message):
    with pytest.raises(InputError, match=message):
        build()
