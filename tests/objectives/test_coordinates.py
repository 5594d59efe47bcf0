"""Coordinate prediction: the rows and columns to predict."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.test_encoder_infomax import built, encoded
from tf_infomax.errors import InputError
from tf_infomax.objectives import Classification, CoordinatePrediction

HEIGHT, WIDTH = 3, 2


@pytest.mark.parametrize("coordinates, classes", [("absolute", (3, 2)), ("relative", (5, 3))])
def test_a_predictor_that_knows_nothing(coordinates, classes):
    batch = encoded()
    objective = built(CoordinatePrediction(coordinates=coordinates, hidden_units=8), batch)
    output = objective.predictor.output_layer
    for variable in (output.kernel, output.bias):
        variable.assign(tf.zeros_like(variable))
    loss, _ = objective.loss(batch)
    assert output.kernel.shape[-1] == sum(classes)
    assert float(loss) == pytest.approx(sum(map(math.log, classes)), rel=1e-5)


@pytest.mark.parametrize("coordinates", ["absolute", "relative"])
def test_a_predictor_that_reads_the_answer_is_right(coordinates):
    """Local features hold their own position; the predictor is replaced by one that computes the answer from them."""
    batch = encoded(batch_size=16)
    positions = np.stack(np.meshgrid(range(HEIGHT), range(WIDTH), indexing="ij"), axis=-1).astype(np.float32)
    local = np.zeros((16, HEIGHT, WIDTH, 5), np.float32)
    local[..., :2] = positions
    features = {**batch.features, "local_features": tf.constant(local)}
    objective = built(CoordinatePrediction(coordinates=coordinates, hidden_units=8), batch)
    sources = []

    def predict(inputs, training):
        target = inputs[:, 4:6]  # after the four numbers of the output
        source = inputs[:, 9:11] if coordinates == "relative" else tf.zeros_like(target)
        sources.append(source.numpy())
        offset = np.array([HEIGHT - 1, WIDTH - 1]) * (coordinates == "relative")
        rows, columns = tf.unstack(tf.cast(target - source + offset, tf.int32), axis=-1)
        classes = objective._num_classes()
        return None, 50.0 * tf.concat([tf.one_hot(rows, classes[0]), tf.one_hot(columns, classes[1])], axis=-1)

    objective.predictor = predict
    loss, logs = objective.loss(batch._replace(features=features))
    assert float(loss) == pytest.approx(0.0, abs=1e-5) and float(logs["accuracy"]) == 1.0
    per_image = sources[0].reshape(16, HEIGHT * WIDTH, 2)
    assert (per_image == per_image[:, :1]).all()  # one source for all targets of an image
    assert len(np.unique(per_image[:, 0], axis=0)) > (2 if coordinates == "relative" else 0)


def test_of_several_globals_the_first_is_asked():
    batch = encoded(num_globals=2)
    objective = built(CoordinatePrediction(hidden_units=8), batch)
    first = {name: feature[::2] for name, feature in batch.global_features.items()}
    losses = [float(objective.loss(batch._replace(global_features=part))[0]) for part in (batch.global_features, first)]
    assert losses[0] == losses[1]


def test_classification():
    batch = encoded()._replace(labels=tf.constant([0, 2, 1, 2]))
    objective = built(Classification(3), batch)
    loss, logs = objective.loss(batch)
    logits = np.maximum(batch.features["output"], 0) @ objective.to_logits.kernel + objective.to_logits.bias
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert float(loss) == pytest.approx(-np.mean(np.log(probabilities[range(4), [0, 2, 1, 2]])), rel=1e-5)
    assert float(logs["accuracy"]) == np.mean(logits.argmax(axis=1) == [0, 2, 1, 2])


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: CoordinatePrediction(coordinates="polar"), "must be one of absolute, relative. Received: polar"),
        (lambda: built(CoordinatePrediction(layer="x"), encoded()), "`layer` must be one of .* Received: x"),
        (lambda: built(CoordinatePrediction(layer="fc"), encoded()), "`layer` must be one of .* Received: fc"),
        (lambda: CoordinatePrediction(hidden_units=0), "`hidden_units` must be at least 1. Received: 0"),
        (lambda: Classification(1), "must be at least 2. Received: 1"),
        (lambda: built(Classification(3), encoded()).loss(encoded()), "Received: no labels"),
    ],
)
def test_bad_arguments(build, message):
    with pytest.raises(InputError, match=message):
        build()
