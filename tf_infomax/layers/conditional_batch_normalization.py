"""Batch normalisation conditional on the class, and functions that treat it and the plain layer alike."""

import keras
import tensorflow as tf

from tf_infomax.layers.batch_normalization import BatchNormalization
from tf_infomax.layers.class_embedding import check_num_classes, class_rows
from tf_infomax.layers.initializers import class_scales_and_offsets
from tf_infomax.layers.precision import full_precision
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ConditionalBatchNormalization(keras.layers.Layer):
    """Batch normalisation of inputs (B, ..., C) with a learned scale and offset for each class.

    `gamma[y] * normalised + beta[y]`; the statistics are those of all classes together, over all replicas.

    Args:
        num_classes: Number of classes (K).
        momentum: Weight of the old running statistics in an update.
        epsilon: Added to the variance.

    Raises:
        InputError: `num_classes` is below 1.

    Source: Dumoulin et al., 2017; initial values as in InfoMax-GAN's code.
    """

    def __init__(self, num_classes: int, *, momentum: float = 0.9, epsilon: float = 1e-5, **kwargs) -> None:
        super().__init__(**kwargs)
        self.num_classes = check_num_classes(num_classes)
        self.momentum = momentum
        self.epsilon = epsilon
        self.norm = BatchNormalization(
            momentum=momentum, epsilon=epsilon, affine=False, name="norm", dtype=self.dtype_policy
        )

    def build(self, input_shape) -> None:
        self.norm.build(input_shape)
        self.embeddings = self.add_weight(
            shape=(self.num_classes, 2 * input_shape[-1]),  # [gamma | beta]
            initializer=class_scales_and_offsets(),
            autocast=False,
            name="embeddings",
        )

    def call(self, inputs: Tensor, labels: Tensor, training: bool = False) -> Tensor:
        rows = class_rows(self.embeddings, labels)  # (B, 2C)
        scale, offset = tf.split(_over_locations(rows, inputs.shape.rank), 2, axis=-1)
        normalised = full_precision(self.norm(inputs, training=training))
        return tf.cast(normalised * scale + offset, inputs.dtype)

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self)}


def batch_norm(num_classes: int | None, **kwargs) -> BatchNormalization | ConditionalBatchNormalization:
    """Returns batch normalisation, conditional on the class unless `num_classes` is None.

    `kwargs` are the layer's `name` and `dtype`.
    """
    if num_classes is None:
        return BatchNormalization(**kwargs)
    return ConditionalBatchNormalization(num_classes, **kwargs)


def normalise(
    norm: BatchNormalization | ConditionalBatchNormalization,
    inputs: Tensor,
    labels: Tensor | None,
    *,
    training: bool,
) -> Tensor:
    """Calls a layer made by `batch_norm`; only the conditional one sees the labels (B,)."""
    if isinstance(norm, ConditionalBatchNormalization):
        return norm(inputs, labels, training=training)
    return norm(inputs, training=training)


def _over_locations(rows: Tensor, rank: int) -> Tensor:
    """Reshapes rows (B, F) to (B, 1, ..., 1, F) of a given rank."""
    return tf.reshape(rows, [-1, *[1] * (rank - 2), rows.shape[-1]])
