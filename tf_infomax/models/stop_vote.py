"""The common decision of several workers to stop."""

import tensorflow as tf

from tf_infomax.types import Tensor


class StopVote:
    """Wishes of workers to stop, added up in each training step so that all learn of them after the same one.

    A worker that stopped by itself would leave the others waiting for it.
    """

    def __init__(self) -> None:
        self._own, self._all = (
            tf.Variable(0.0, trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA) for _ in range(2)
        )

    @property
    def own(self) -> Tensor:
        """1 if this worker wishes to stop, else 0."""
        return tf.convert_to_tensor(self._own)

    def cast(self) -> None:
        """Wishes to stop."""
        self._own.assign(1.0)

    def count(self, wishes: Tensor) -> None:
        """Takes the sum, or the mean, of all workers' wishes."""
        self._all.assign(wishes)

    @property
    def is_carried(self) -> bool:
        """Whether any worker wished to stop in the last step."""
        return float(self._all.numpy()) > 0

    def reset(self) -> None:
        """Forgets all wishes."""
        self._own.assign(0.0)
        self._all.assign(0.0)
