"""A trained vector for each class."""

import keras
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.layers.initializers import xavier_kernel
from tf_infomax.layers.spectral_normalization import SpectralNormalization
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ClassEmbedding(keras.layers.Layer):
    """Maps labels (B,) to their rows (B, F) of a table (K, F), which is float32 under a mixed dtype policy.

    The table's gradient is dense, unlike that of `keras.layers.Embedding`: see `class_rows`.

    Args:
        num_classes: Number of classes (K).
        num_features: Size of the vectors (F).

    Raises:
        InputError: `num_classes` is below 1.
    """

    def __init__(self, num_classes: int, num_features: int, **kwargs) -> None:
        super().__init__(**kwargs)
        self.num_classes = check_num_classes(num_classes)
        self.num_features = num_features

    def build(self, input_shape) -> None:
        shape = (self.num_classes, self.num_features)
        self.embeddings = self.add_weight(shape=shape, initializer=xavier_kernel(), autocast=False, name="embeddings")

    def call(self, labels: Tensor) -> Tensor:
        return class_rows(self.embeddings, labels)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return (*input_shape, self.num_features)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def embedding(num_classes: int, num_features: int, *, spectral_norm: bool = False, **kwargs) -> keras.layers.Layer:
    """Returns an embedding of classes. `kwargs` are the layer's `name` and `dtype`."""
    layer = ClassEmbedding(num_classes, num_features, **kwargs)
    return SpectralNormalization(layer, **kwargs) if spectral_norm else layer


def class_rows(table: Tensor | keras.Variable, labels: Tensor) -> Tensor:
    """Returns the rows (B, F) of a table (K, F) for labels (B,).

    The gradient with respect to the table is a dense tensor. That of `tf.gather` holds the rows of the batch alone;
    Keras' optimizers then leave the moments of all other classes alone, which is a different algorithm.
    """
    return _dense_gather(tf.convert_to_tensor(table), tf.convert_to_tensor(labels))


@tf.custom_gradient
def _dense_gather(table: Tensor, labels: Tensor):
    def gradient(upstream: Tensor) -> tuple[Tensor, None]:
        return tf.math.unsorted_segment_sum(upstream, labels, tf.shape(table)[0]), None

    return tf.gather(table, labels), gradient


def check_num_classes(num_classes: int) -> int:
    """Returns the number of classes (K), or raises an InputError if it is below 1."""
    check_positive(num_classes=num_classes)
    return num_classes
