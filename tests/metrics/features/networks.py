"""Small networks in the forms in which users have theirs."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf


def colour_network(*, size: int | None = 8, dtype: tf.DType = tf.float32, scale: float = 1.0) -> tf.Module:
    """A callable that returns the mean colour of the images it is shown, times a variable, as features and logits."""

    class ColourNetwork(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = tf.Variable(scale)

        @tf.function(input_signature=[tf.TensorSpec([None, size, size, 3], dtype, name="images")])
        def __call__(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
            colour = tf.reduce_mean(tf.cast(images, tf.float64), axis=[1, 2])  # (B, 3)
            colour = self.scale * tf.cast(colour, tf.float32)
            return {"pool_3": colour[:, None, None, :], "logits": tf.pad(colour, [[0, 0], [0, 2]])}

    return ColourNetwork()


class Inverse(tf.Module):
    """Returns the inverse of the mean level, infinite for images of level 0."""

    @tf.function(input_signature=[tf.TensorSpec([None, None, None, 3], tf.uint8)])
    def __call__(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
        level = tf.reduce_mean(tf.cast(images, tf.float32), axis=[1, 2])
        return {"pool_3": 1.0 / level, "logits": level}


class SignatureOnly(tf.Module):
    """A network that cannot be called."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = tf.Variable(2.0)

    @tf.function(input_signature=[tf.TensorSpec([None, 4, 4, 3], tf.float32)])
    def serve(self, pixels: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"embedding": self.scale * tf.reduce_mean(pixels, axis=[1, 2])}


def save(network: tf.Module, folder: Path, **options: Any) -> Path:
    """Saves a network as a SavedModel."""
    tf.saved_model.save(network, str(folder), **options)
    return folder


def keras_colours(path: Path, *, size: int | None = 8) -> Path:
    """Saves a Keras model whose features are the mean colour, and whose class is the strongest colour."""
    images = keras.Input((size, size, 3))
    pooled = keras.layers.GlobalAveragePooling2D(name="pooling")(images)
    logits = keras.layers.Dense(3, kernel_initializer="identity", name="classes")(pooled)
    keras.Model(images, {"pool_3": pooled, "logits": logits}).save(path)
    return path


def plain_images(*colours: tuple[int, int, int], size: int = 6) -> np.ndarray:
    """Images (N, size, size, 3) uint8, each of one colour."""
    return np.tile(np.array(colours, np.uint8)[:, None, None, :], (1, size, size, 1))


def in_range(levels: np.ndarray) -> np.ndarray:
    """Grey levels as floats in [-1, 1]."""
    return levels.astype(np.float32) / 127.5 - 1.0
