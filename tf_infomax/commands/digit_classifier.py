"""Trains the digit classifier behind the `digits` features: python -m trainers.digit_classifier [--output PATH].

It trains on the 4,000 training digits, with small random rotations, zooms and shifts, prints its accuracy on the 1,000
held-out digits and writes its weights. It needs no network and takes a few minutes on two CPU cores. The same seed on
the same machine and TensorFlow gives the same weights.
"""

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.commands import program as _program
from tf_infomax.data.digits import load_digits
from tf_infomax.errors import InputError, check_positive
from tf_infomax.images import to_float
from tf_infomax.metrics.digit_classifier import WEIGHTS_PATH, digit_classifier, save_weights
from tf_infomax.types import Tensor


@dataclasses.dataclass(frozen=True)
class Arguments:
    """Train the digit classifier behind the `digits` features."""

    epochs: int = 40
    """Passes over the training digits."""
    seed: int = 0
    """Seed of the initial weights, order, augmentation and dropout."""
    output: Path = WEIGHTS_PATH
    """File of the weights (.npz); the shipped one unless given."""
    batch_size: int = 32
    """Digits per step."""
    learning_rate: float = 2e-3
    """Adam's initial learning rate; it falls to zero along half a cosine."""
    overwrite: bool = False
    """Replace the file if it exists: the shipped one is behind all distances of digits."""

    def __post_init__(self) -> None:
        check_positive(epochs=self.epochs, batch_size=self.batch_size, learning_rate=self.learning_rate)
        if self.seed not in range(2**31):
            raise InputError(f"`seed` must be from 0 to 2147483647. Received: {self.seed}")


def augment(images: Tensor, seed: Tensor) -> Tensor:
    """Rotates, zooms and shifts each image about its centre by a random amount.

    Args:
        images: (B, 28, 28, 1) float32 in [-1, 1]; pixels from outside are -1.
        seed: (2,) integers; the same seed moves the same images alike.

    Returns:
        (B, 28, 28, 1) float32: turned by up to 12 degrees, scaled by 0.88 to 1.12 on each axis, shifted by up to 2.5
        pixels.
    """
    count, size = tf.shape(images)[0], images.shape[1]
    draws = tf.random.stateless_uniform((5, count), seed, -1.0, 1.0)
    angle = draws[0] * math.radians(12.0)
    zoom_x, zoom_y = 1.0 + 0.12 * draws[1], 1.0 + 0.12 * draws[2]
    a, b = tf.cos(angle) * zoom_x, -tf.sin(angle) * zoom_y
    c, d = tf.sin(angle) * zoom_x, tf.cos(angle) * zoom_y
    centre = (size - 1) / 2
    # Output pixel (x, y) reads input pixel (a x + b y + x0, c x + d y + y0): the centre maps to the centre plus the
    # shift.
    x0 = centre - (a + b) * centre + 2.5 * draws[3]
    y0 = centre - (c + d) * centre + 2.5 * draws[4]
    zero = tf.zeros_like(a)
    return keras.ops.image.affine_transform(
        images, tf.stack([a, b, x0, c, d, y0, zero, zero], axis=1), interpolation="bilinear", fill_value=-1.0
    )


def training_batches(arguments: Arguments) -> tf.data.Dataset:
    """Returns augmented batches of (images, labels) for all epochs; the seed fixes order and augmentation."""
    images, labels = load_digits("train")
    if len(labels) < arguments.batch_size:
        raise InputError(f"`batch_size` must be at most {len(labels)}. Received: {arguments.batch_size}")
    digits = tf.data.Dataset.from_tensor_slices((to_float(images[..., None]), labels))
    digits = digits.shuffle(len(labels), seed=arguments.seed).repeat(arguments.epochs)
    batches = tf.data.Dataset.zip(tf.data.Dataset.counter(), digits.batch(arguments.batch_size, drop_remainder=True))
    return batches.map(lambda step, batch: (augment(batch[0], tf.stack([arguments.seed, step])), batch[1])).prefetch(2)


def train(arguments: Arguments) -> keras.Model:
    """Trains a digit classifier with Adam and softmax cross-entropy."""
    keras.utils.set_random_seed(arguments.seed)
    tf.config.experimental.enable_op_determinism()
    batches = training_batches(arguments)
    steps = int(batches.cardinality())
    model = digit_classifier()
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(arguments.learning_rate, steps)),
        loss={"logits": keras.losses.SparseCategoricalCrossentropy(from_logits=True), "features": None},
    )
    model.fit(
        batches.map(lambda images, labels: (images, {"logits": labels})),
        epochs=arguments.epochs,
        steps_per_epoch=steps // arguments.epochs,
        verbose=2,
    )
    return model


def held_out_accuracy(model: keras.Model) -> float:
    """Returns the fraction of test digits that `model` classifies correctly."""
    images, labels = load_digits("test")
    logits = model.predict(to_float(images[..., None]), batch_size=500, verbose=0)["logits"]
    return float(np.mean(logits.argmax(axis=1) == labels))


def run(arguments: Arguments) -> None:
    """Trains, measures and saves."""
    if not arguments.overwrite:
        _program.check_new(arguments.output)
    model = train(arguments)
    save_weights(model, arguments.output)
    print(f"held-out accuracy: {held_out_accuracy(model):.4f} (1000 digits)")
    print(f"weights: {arguments.output} ({arguments.output.stat().st_size} bytes, {model.count_params()} parameters)")


def main(argv: Sequence[str], *, program: str = "python -m trainers.digit_classifier") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
