"""Classifiers on fixed representations: a linear SVM and a network with one hidden layer."""

import warnings
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation.batches import cosine_decay, shuffled_batches, standardised
from tf_infomax.metrics.representation.descent import training_step
from tf_infomax.types import Array, Tensor

_TOLERANCE = 0.1
"""Tolerance of the dual solver, LIBLINEAR's own default. A thousandth of it takes six times as long on thousands of
features, for the same accuracy within 0.2 per cent."""


class LabelledSplit(NamedTuple):
    """Features and labels to learn from and to test on."""

    train_features: Array
    """(N, ...)."""
    train_labels: Array
    """(N,) integers."""
    test_features: Array
    """(M, ...)."""
    test_labels: Array
    """(M,) integers."""

    def standardised(self) -> "LabelledSplit":
        """Returns flattened features, each with mean 0 and standard deviation 1 over the training part; float32.

        Raises:
            InputError: Features and labels differ in number, there are none, some feature is not finite, or the parts
                differ in the number of features.
        """
        for features, labels in (self[:2], self[2:]):
            if len(features) != len(labels) or len(features) == 0:
                received = f"{len(features)} and {len(labels)}"
                raise InputError(f"Features and labels must have the same length, at least 1. Received: {received}")
        flat = (np.reshape(part, (len(part), -1)) for part in (self.train_features, self.test_features))
        train, test = standardised(*flat)
        return self._replace(train_features=train, test_features=test)


def linear_svm_accuracy(split: LabelledSplit, *, regularization: float = 0.01, seed: int = 0) -> float:
    """Returns the test accuracy, in [0, 1], of a linear support vector machine on standardised features.

    Args:
        split: Features and labels.
        regularization: C, the weight of the hinge loss relative to half of the squared weights.
        seed: Seed of the solver's order.

    Raises:
        InputError: Features and labels differ in number, there are none, or some feature is not finite.

    Source: Hjelm et al., ICLR 2019, section 4.1; one machine against the rest for each class, with the hinge loss.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    data = split.standardised()
    machine = LinearSVC(C=regularization, loss="hinge", dual=True, tol=_TOLERANCE, max_iter=2000, random_state=seed)
    with warnings.catch_warnings():
        # On features that cannot be separated the last digits take for ever, and the accuracy does not need them.
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(data.train_features, data.train_labels)
    return float(machine.score(data.test_features, data.test_labels))


def mlp_accuracy(
    split: LabelledSplit,
    *,
    hidden_units: int = 200,
    dropout: float = 0.1,
    epochs: int = 50,
    averaged_epochs: int = 10,
    batch_size: int = 64,
    learning_rate: float = 1e-3,
    seed: int = 0,
) -> float:
    """Returns the test accuracy, in [0, 1], of a network with one hidden layer on standardised features.

    Linear - ReLU - dropout - linear, trained by Adam with a cosine decay of the learning rate to 0. The accuracy is the
    mean over the last epochs, so that no epoch is chosen by its test accuracy.

    Args:
        split: Features and labels.
        hidden_units: Units of the hidden layer.
        dropout: Fraction of the hidden units that a training step drops.
        epochs: Epochs of training.
        averaged_epochs: Number of last epochs to average.
        batch_size: Rows in a step.
        learning_rate: Initial learning rate.
        seed: Seed of initial values, order and dropout.

    Raises:
        InputError: As for `linear_svm_accuracy`; or more epochs are averaged than trained.

    Source: Hjelm et al., ICLR 2019, section 4.1; the last 100 of 1,000 epochs there.
    """
    if not 1 <= averaged_epochs <= epochs:
        raise InputError(f"`averaged_epochs` must be from 1 to `epochs` = {epochs}. Received: {averaged_epochs}")
    data = split.standardised()
    rng = np.random.default_rng(seed)
    num_classes = int(max(data.train_labels.max(), data.test_labels.max())) + 1
    network = small_classifier(data.train_features.shape[1], hidden_units, num_classes, dropout, seed)
    optimizer = keras.optimizers.Adam(learning_rate)

    def loss(features: Tensor, labels: Tensor) -> Tensor:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, network(features, training=True))
        return tf.reduce_mean(losses)

    step = training_step(loss, network.trainable_variables, optimizer)
    features, labels = tf.constant(data.train_features), tf.constant(data.train_labels, tf.int64)
    accuracies = []
    for epoch in range(epochs):
        optimizer.learning_rate = learning_rate * cosine_decay(epoch, epochs)
        for rows in shuffled_batches(len(data.train_features), batch_size, rng):
            step(tf.gather(features, rows), tf.gather(labels, rows))
        if epoch >= epochs - averaged_epochs:
            predictions = network(data.test_features, training=False).numpy().argmax(axis=1)
            accuracies.append(float(np.mean(predictions == data.test_labels)))
    return float(np.mean(accuracies))


def small_classifier(num_features: int, hidden_units: int, num_classes: int, dropout: float, seed: int) -> keras.Model:
    """Builds linear - ReLU - dropout - linear, from features (B, F) to logits (B, K)."""
    initializers = [keras.initializers.GlorotUniform(seed=2 * seed + i) for i in range(2)]
    network = keras.Sequential(
        [
            keras.layers.Dense(hidden_units, activation="relu", kernel_initializer=initializers[0]),
            keras.layers.Dropout(dropout, seed=seed),
            keras.layers.Dense(num_classes, kernel_initializer=initializers[1]),
        ]
    )
    network.build((None, num_features))
    return network
