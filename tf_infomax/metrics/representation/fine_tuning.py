"""Semi-supervised learning: fine-tuning of a trained encoder with a fraction of the labels."""

import math

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation.batches import cosine_decay, shuffled_batches
from tf_infomax.metrics.representation.descent import training_step
from tf_infomax.metrics.representation.probes import LabelledSplit, small_classifier
from tf_infomax.types import Array, Tensor


def labelled_subset(labels: Array, fraction: float, *, seed: int = 0) -> Array:
    """Chooses the same fraction of every class.

    Args:
        labels: (N,) integers.
        fraction: In (0, 1]; at least one image of each class is chosen.
        seed: Seed of the choice.

    Returns:
        Indices, ascending.

    Raises:
        InputError: The fraction is out of range.
    """
    if not 0 < fraction <= 1:
        raise InputError(f"`fraction` must be above 0 and at most 1. Received: {fraction}")
    rng = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        chosen.append(rng.permutation(own)[: max(1, round(fraction * len(own)))])
    return np.sort(np.concatenate(chosen))


def fine_tuned_accuracy(
    encoder: keras.Model,
    split: LabelledSplit,
    *,
    fraction: float = 0.1,
    hidden_units: int = 200,
    dropout: float = 0.1,
    epochs: int = 30,
    batch_size: int = 64,
    learning_rate: float = 1e-4,
    seed: int = 0,
) -> float:
    """Returns the test accuracy, in [0, 1], of an encoder that is fine-tuned with a fraction of the labels.

    A small classifier on the last convolution's map, linear - ReLU - dropout - linear, trains together with the
    encoder's convolutions, by Adam whose learning rate falls to 0.

    Args:
        encoder: Maps images (B, H, W, C) in [-1, 1] to a dict with `conv`. It is changed, so pass a copy.
        split: Images float32 in [-1, 1] as features, and labels.
        fraction: Fraction of the training labels to use, the same in every class.
        hidden_units: Units of the classifier's hidden layer.
        dropout: Fraction of them that a training step drops.
        epochs: Epochs over the chosen images.
        batch_size: Images in a step.
        learning_rate: Initial learning rate.
        seed: Seed of the labels that are used, initial values, order and dropout.

    Raises:
        InputError: The fraction is out of range.

    Source: Hjelm et al., ICLR 2019, section 4.1 and Table 2 (SS).
    """
    chosen = labelled_subset(split.train_labels, fraction, seed=seed)
    images, labels = split.train_features[chosen], split.train_labels[chosen].astype(np.int64)
    num_features = math.prod(encoder(images[:1])["conv"].shape[1:])
    classifier = small_classifier(num_features, hidden_units, int(split.train_labels.max()) + 1, dropout, seed)

    def classify(images: Tensor, training: bool) -> Tensor:
        maps = encoder(images, training=training)["conv"]
        return classifier(tf.reshape(maps, [-1, num_features]), training=training)

    optimizer = keras.optimizers.Adam(learning_rate)

    def loss(images: Tensor, labels: Tensor) -> Tensor:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, classify(images, training=True))
        return tf.reduce_mean(losses)

    # The loss does not depend on the encoder's layers above the convolutions.
    update = training_step(loss, encoder.trainable_variables + classifier.trainable_variables, optimizer)
    rng = np.random.default_rng(seed)
    for epoch in range(epochs):
        optimizer.learning_rate = learning_rate * cosine_decay(epoch, epochs)
        for rows in shuffled_batches(len(images), batch_size, rng):
            update(images[rows], labels[rows])
    starts = range(0, len(split.test_labels), batch_size)
    logits = [classify(split.test_features[i : i + batch_size], training=False).numpy() for i in starts]
    return float(np.mean(np.concatenate(logits).argmax(axis=1) == split.test_labels))
