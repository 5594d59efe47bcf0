"""Classification: the objective of the fully supervised encoder."""

from collections.abc import Mapping
from typing import cast

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.layers import linear
from tf_infomax.layers.precision import full_precision
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.objectives.labels import check_label_range, integer_labels
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Array, Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class Classification(EncoderObjective):
    """Trains the encoder to predict labels (B,) from its output by a linear layer: the mean cross-entropy.

    Args:
        num_classes: Number of classes (K).
        weight: Weight in the encoder's loss.

    Raises:
        InputError: There are fewer than two classes. In training, labels are missing, not integers (B,), or no class.

    Logs `accuracy` in [0, 1].

    Source: Hjelm et al., ICLR 2019, "fully supervised" in Tables 1 and 2.
    """

    metric_names = ("accuracy",)
    metric_descriptions = {
        "accuracy": "Fraction of images whose class is told right.",
    }

    def __init__(self, num_classes: int, weight: float = 1.0, *, name: str = "classification", **kwargs) -> None:
        super().__init__(weight, name=name, **kwargs)
        if num_classes < 2:
            raise InputError(f"`num_classes` must be at least 2. Received: {num_classes}")
        self.num_classes = num_classes

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        outputs = shapes["output"]
        # Logits are not rounded.
        self.to_logits = linear(cast(int, outputs[-1]), self.num_classes, name="to_logits", dtype=self.variable_dtype)
        self.to_logits.build(outputs)

    def check_labels(self, labels: Array | None) -> None:
        if labels is not None:
            check_label_range(labels, self.num_classes)

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        labels = integer_labels(batch.labels, rule="Classification trains on images and integer labels (B,)")
        logits = full_precision(self.to_logits(tf.nn.relu(batch.features["output"])))
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        hits = tf.equal(tf.argmax(logits, -1, labels.dtype), labels)
        return tf.reduce_mean(losses), {"accuracy": tf.reduce_mean(tf.cast(hits, tf.float32))}

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, Classification)}
