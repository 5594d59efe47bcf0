"""Semi-supervised learning: a trained encoder goes on training with a part of the labels."""

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation.batches import cosine_decay, shuffled_batches
from tf_infomax.metrics.representation.probes import LabelledSplit
from tf_infomax.types import Array, Tensor


def labelled_subset(labels: Array, fraction: float, *, seed: int = 0) -> Array:
    """Chooses the same fraction of every class.

    Args:
        labels: (N,) integers.
        fraction: In (0, 1]; at least one image of each class is chosen.
        seed: Decides which.

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
    """Returns the test accuracy, in [0, 1], of an encoder that is trained on with a fraction of the labels.

    A small classifier on the last convolution's map, linear - ReLU - dropout - linear, trains together with the
    encoder's convolutions, by Adam whose learning rate falls to 0.

    Args:
        encoder: Maps images (B, H, W, C) in [-1, 1] to a dict with `conv`. It is changed: hand over a copy.
        split: Images float32 in [-1, 1] as features, and labels.
        fraction: Part of the training labels that is used, the same of every class.
        hidden_units: Units of the classifier's hidden layer.
        dropout: Part of them that a training step leaves out.
        epochs: Epochs over the chosen images.
        batch_size: Images in a step.
        learning_rate: At the start.
        seed: Decides which labels are used, initial values, order and dropout.

    Raises:
        InputError: The fraction is out of range.

    Source: Hjelm et al., ICLR 2019, section 4.1 and Table 2 (SS).
    """
    chosen = labelled_subset(split.train_labels, fraction, seed=seed)
    images, labels = split.train_features[chosen], split.train_labels[chosen].astype(np.int64)
    classifier = keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(hidden_units, "relu", kernel_initializer=keras.initializers.GlorotUniform(2 * seed)),
            keras.layers.Dropout(dropout, seed=seed),
            keras.layers.Dense(
                int(split.train_labels.max()) + 1, kernel_initializer=keras.initializers.GlorotUniform(2 * seed + 1)
            ),
        ]
    )
    classifier(encoder(images[:1])["conv"])
    optimizer = keras.optimizers.Adam(learning_rate)
    update = _training_step(encoder, classifier, optimizer)
    rng = np.random.default_rng(seed)
    for epoch in range(epochs):
        optimizer.learning_rate = learning_rate * cosine_decay(epoch, epochs)
        for rows in shuffled_batches(len(images), batch_size, rng):
            update(images[rows], labels[rows])
    starts = range(0, len(split.test_labels), batch_size)
    logits = [classifier(encoder(split.test_features[i : i + batch_size])["conv"]).numpy() for i in starts]
    return float(np.mean(np.concatenate(logits).argmax(axis=1) == split.test_labels))


def _training_step(
    encoder: keras.Model, classifier: keras.Model, optimizer: keras.optimizers.Optimizer
) -> tf.types.experimental.GenericFunction:
    variables = encoder.trainable_variables + classifier.trainable_variables
    optimizer.build(variables)

    @tf.function(autograph=False, reduce_retracing=True)
    def step(images: Tensor, labels: Tensor) -> None:
        with tf.GradientTape() as tape:
            logits = classifier(encoder(images, training=True)["conv"], training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        # The layers above the convolutions have no part in it.
        gradients = [
            tf.zeros_like(variable) if gradient is None else gradient
            for gradient, variable in zip(tape.gradient(loss, variables), variables)
        ]
        optimizer.apply(gradients, variables)

    return step
