"""Noise as targets: a fixed direction for each image, given to the image that is nearest to it."""

from collections.abc import Mapping
from typing import cast

import keras
import numpy as np
import tensorflow as tf
from scipy.optimize import linear_sum_assignment

from tf_infomax import distribution
from tf_infomax.errors import InputError, check_positive
from tf_infomax.layers.initializers import unit_rows
from tf_infomax.layers.precision import full_precision
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.objectives.labels import integer_labels
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Array, Logs, Tensor

NOT_ROWS = "Labels must be the row numbers of the images in the training set"
"""Start of the messages on labels that are something else."""
_MOST_OFTEN = 2
"""A batch ends one epoch and begins the next at most, so that no image is in it more often."""


@keras.saving.register_keras_serializable(package="tf_infomax")
class NoiseAsTargets(EncoderObjective):
    """Moves the direction of each image's output to a target of its own, drawn uniformly from the sphere, NAT.

    The loss is half the squared distance of the two unit vectors, `1 - cos`, averaged over the batch. Before a step the
    targets of the batch's images, on all replicas, are dealt out among these images anew, so that the loss is least
    (Hungarian method); each keeps what it was given. So outputs spread over the sphere, without negatives.

    Training needs the number of each image in the training set in place of its label:

        dim = DeepInfoMax(ConvolutionalEncoder(32), [NoiseAsTargets(len(images))])
        dim.fit(images, np.arange(len(images)))

    The assignment is computed outside of TensorFlow, so that XLA cannot compile the step. The targets are saved with
    the model, not exported with the encoder.

    Args:
        num_images: Images of the training set (N), with a target each.
        weight: Weight in the encoder's loss.

    Raises:
        InputError: A number is below 1. In training, labels are missing, or cannot be row numbers: they are below 0 or
            not below N, no integers, more than N, or one of them occurs more than twice.

    Logs `moved`: the fraction of images that got another target, in [0, 1].

    Source: Bojanowski and Joulin, ICML 2017, dealing out in every batch; Hjelm et al., ICLR 2019, Tables 1, 2 and 4.
    Deviation from the former: images are not filtered.
    """

    metric_names = ("moved",)
    metric_descriptions = {
        "moved": "Fraction of images that got another target.",
    }
    compiled_by_xla = False

    def __init__(self, num_images: int, weight: float = 1.0, *, name: str = "noise_as_targets", **kwargs) -> None:
        super().__init__(weight, name=name, **kwargs)
        check_positive(num_images=num_images)
        self.num_images = num_images

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        self.targets = self.add_weight(
            name="targets",
            shape=(self.num_images, cast(int, shapes["output"][-1])),
            initializer=unit_rows(),
            dtype="float32",
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",  # All assign the same.
        )

    def check_labels(self, labels: Array | None) -> None:
        rows, counts = np.unique([] if labels is None else labels, return_counts=True)
        if not rows.size or not np.issubdtype(rows.dtype, np.integer):
            raise InputError(f"{NOT_ROWS}. Received: {'none' if labels is None else rows.dtype}")
        if rows[0] < 0 or rows[-1] >= self.num_images:
            raise InputError(f"{NOT_ROWS}, from 0 to {self.num_images - 1}. Received: {rows[0]} to {rows[-1]}")
        if counts.max() > _MOST_OFTEN or counts.sum() > self.num_images:
            most = int(np.argmax(counts))
            raise InputError(
                f"{NOT_ROWS}, of which there are {self.num_images}. Received: {counts.sum()} labels, {counts[most]} of "
                f"them {rows[most]}"
            )

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        outputs = tf.math.l2_normalize(full_precision(batch.features["output"]), axis=-1)  # (B, Y)
        targets, moved = self._deal_out(tf.stop_gradient(outputs), self._rows(batch.labels))
        distances = tf.reduce_sum(tf.math.squared_difference(outputs, targets), axis=-1)  # (B,)
        return 0.5 * tf.reduce_mean(distances), {"moved": tf.reduce_mean(tf.cast(moved, tf.float32))}

    def _rows(self, labels: Tensor | None) -> Tensor:
        """Returns row numbers (B,) int64, checked while a step is traced, and for their range in the step."""
        rows = tf.cast(integer_labels(labels, rule=f"{NOT_ROWS}, integers (B,)"), tf.int64)
        low, high = tf.reduce_min(rows), tf.reduce_max(rows)
        limits = tf.strings.join([tf.strings.as_string(low), " to ", tf.strings.as_string(high)])
        message = tf.strings.join([f"{NOT_ROWS}, from 0 to {self.num_images - 1}. Received: ", limits])
        # A device other than the CPU would read zeros for a row that is not there.
        with tf.control_dependencies([tf.debugging.Assert((low >= 0) & (high < self.num_images), [message])]):
            return tf.identity(rows)

    def _deal_out(self, outputs: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Deals out the targets of all replicas' images, and keeps the result.

        Args:
            outputs: Unit vectors (B, Y) of this replica.
            rows: Row numbers (B,).

        Returns:
            This replica's targets (B, Y), and whether each is another than before, (B,) boolean.
        """
        everyone, all_rows = distribution.gather(outputs), distribution.gather(rows)  # (J, Y), (J,)
        present = tf.gather(self.targets, all_rows)  # (J, Y)
        givers = tf.numpy_function(assign_targets, [everyone, present, all_rows], tf.int64, stateful=False)
        givers = tf.ensure_shape(givers, all_rows.shape)  # (J,)
        dealt = tf.gather(present, givers)
        self.targets.assign(tf.tensor_scatter_nd_update(self.targets, all_rows[:, None], dealt))
        moved = tf.not_equal(tf.gather(all_rows, givers), all_rows)
        count = distribution.num_rows(outputs)
        return distribution.replica_share(lambda _: dealt, count), distribution.replica_share(lambda _: moved, count)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, NoiseAsTargets)}


def assign_targets(outputs: Array, targets: Array, rows: Array) -> Array:
    """Assigns the targets of a batch to its images so that the sum of their squared distances is least.

    Rows of one image share its target, and the first of them stands for all: otherwise one target would be lost, and
    another be there twice.

    Args:
        outputs: Unit vectors (J, Y).
        targets: The images' targets (J, Y), unit vectors.
        rows: The images' row numbers (J,).

    Returns:
        (J,) int64: the row of the batch whose target each one gets. Without finite outputs all keep their own, and the
        loss, which is not finite either, says so.
    """
    _, first, inverse = np.unique(rows, return_index=True, return_inverse=True)
    cosines = outputs[first] @ targets[first].T
    if not np.all(np.isfinite(cosines)):
        return first[inverse].astype(np.int64)
    _, givers = linear_sum_assignment(cosines, maximize=True)
    return first[givers][inverse].astype(np.int64)
