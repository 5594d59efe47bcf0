"""Running means of what a training step logs."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tf_infomax.types import Logs, Tensor


class RunningMeans(keras.metrics.Metric):
    """Means, over the training steps since the last reset, of numbers that are the same on all replicas.

    One vector holds them all, and each replica reads its own copy: Keras' metrics add up the replicas' copies when they
    are read, which several workers could only do together. They are no part of a saved model: `fit` begins with a
    reset.

    Args:
        names: Names of the numbers.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(name="running_means", dtype="float32")
        self.names = tuple(names)
        self._sums = tf.Variable(
            tf.zeros([len(self.names) + 1]),  # The last is the number of steps.
            trainable=False,
            aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
            name="running_sums",
        )

    def update_state(self, values: Tensor, counts: Tensor | bool = True) -> None:
        """Adds the numbers (N,) float32 of one step, in the order of the names, if the step counts."""
        self._sums.assign_add(tf.where(counts, tf.concat([values, [1.0]], 0), 0.0))

    def result(self) -> Logs:
        sums = tf.convert_to_tensor(self._sums)
        means = tf.math.divide_no_nan(sums[:-1], sums[-1])
        return dict(zip(self.names, tf.unstack(means, num=len(self.names)), strict=True))

    def reset_state(self) -> None:
        self._sums.assign(tf.zeros_like(self._sums))
