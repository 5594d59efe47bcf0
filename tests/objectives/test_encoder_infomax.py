"""Local and global information of an encoder: the pairs that are compared."""

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.losses import information_loss
from tf_infomax.objectives import EncodedBatch, GlobalInfoMax, LocalInfoMax
from tf_infomax.objectives.encoder_infomax import draw_candidates

SEED = tf.constant([3, 4])
ESTIMATORS = ("dv", "jsd", "infonce")


def encoded(batch_size: int = 4, num_globals: int = 1) -> EncodedBatch:
    rng = np.random.default_rng(0)
    draw = lambda *shape: tf.constant(rng.normal(size=shape).astype(np.float32))  # noqa: E731
    features = {
        "local_features": draw(batch_size, 3, 2, 5),
        "conv": draw(batch_size, 2, 2, 6),
        "fc": draw(batch_size, 8),
        "output": draw(batch_size, 4),
    }
    global_features = {name: draw(batch_size * num_globals, *features[name].shape[1:]) for name in ("fc", "output")}
    return EncodedBatch(features, global_features, SEED)


def built(objective, batch: EncodedBatch):
    objective.build({name: (None, *feature.shape[1:]) for name, feature in batch.features.items()})
    objective.built = True
    return objective


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("head", ["encode_and_dot", "concat_and_convolve"])
def test_local_loss_is_that_of_all_pairs(estimator, head):
    batch = encoded()
    objective = built(LocalInfoMax(estimator=estimator, head=head, head_units=8), batch)
    loss, logs = objective.loss(batch)
    local = tf.reshape(batch.features["local_features"], [4, 6, 5])
    scores = objective.scores(batch.global_features["output"], local, training=True)
    assert scores.shape == (4, 4, 6)
    assert float(loss) == pytest.approx(float(information_loss(scores, estimator)), rel=1e-5)
    assert set(logs) == set(objective.metric_names)


def test_global_loss_takes_the_map_as_one_location():
    batch = encoded()
    objective = built(GlobalInfoMax(head_units=8), batch)
    scores, own_images = objective.pair_scores(batch)
    assert scores.shape == (4, 4, 1) and objective.scores.from_local.kernel.shape == (2 * 2 * 6, 8)
    np.testing.assert_array_equal(own_images, range(4))


def test_several_globals_of_an_image_have_its_locations_as_their_own():
    batch = encoded(num_globals=3)
    objective = built(LocalInfoMax(head_units=8), batch)
    scores, own_images = objective.pair_scores(batch)
    assert scores.shape == (12, 4, 6)
    np.testing.assert_array_equal(own_images, np.repeat(range(4), 3))


def test_all_negatives_are_the_limit_of_a_number_of_them():
    batch = encoded()
    everything = built(LocalInfoMax(head_units=8), batch)
    limited = built(LocalInfoMax(head_units=8, num_negatives=3), batch)
    for variable, other in zip(limited.variables, everything.variables, strict=True):
        variable.assign(other)
    assert float(limited.loss(batch)[0]) == pytest.approx(float(everything.loss(batch)[0]), rel=1e-5)


def test_candidates():
    own = tf.constant([0, 1, 2, 3, 4, 5])
    drawn = np.array([draw_candidates(own, 6, 2, tf.constant([0, i])) for i in range(100)])
    assert drawn.shape == (100, 6, 3)
    np.testing.assert_array_equal(drawn[:, :, 0], np.tile(own, (100, 1)))
    assert all(len(set(row)) == 3 for row in drawn.reshape(-1, 3))
    counts = np.bincount(drawn[:, 0, 1:].ravel(), minlength=6)
    assert counts[0] == 0 and counts[1:].min() > 20


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("num_negatives", [None, 2])
def test_two_replicas_equal_one(estimator, num_negatives, two_replicas):
    batch = encoded(batch_size=4)
    with two_replicas.scope():
        # Batch normalisation has tests of its own.
        settings = {"head": "concat_and_convolve", "head_units": 8, "num_negatives": num_negatives}
        objective = built(LocalInfoMax(estimator=estimator, **settings), batch)

    def replica_loss():
        rows = slice(2 * distribution.replica_id(), 2 * distribution.replica_id() + 2)
        shares = [{name: feature[rows] for name, feature in part.items()} for part in batch[:2]]
        return objective.loss(EncodedBatch(*shares, SEED))[0]

    losses = two_replicas.experimental_local_results(two_replicas.run(tf.function(replica_loss, autograph=False)))
    # A bound near zero is a difference of two numbers near 1.
    assert np.mean(losses) == pytest.approx(float(objective.loss(batch)[0]), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: LocalInfoMax(estimator="mine"), "must be one of dv, jsd, infonce. Received: mine"),
        (lambda: LocalInfoMax(head="dot"), "must be one of encode_and_dot, concat_and_convolve. Received: dot"),
        (lambda: LocalInfoMax(num_negatives=0), "must be None or at least 1. Received: 0"),
        (lambda: LocalInfoMax(-1.0), "`weight` must be positive. Received: -1.0"),
        (lambda: built(LocalInfoMax(layer="block9"), encoded()), "must be one of local_features, .* Received: block9"),
        (
            lambda: built(LocalInfoMax(layer="fc"), encoded()),
            "must be one of local_features, conv. Received: fc",
        ),
    ],
)
def test_bad_arguments(build, message):
    with pytest.raises(InputError, match=message):
        build()
