"""Training steps with numbers that are not finite, undone."""

from collections.abc import Sequence

import tensorflow as tf

from tf_infomax.types import Tensor


class StepGuard:
    """Gives variables back what they held before a training step, where the step is not sound, and counts such steps.

    Floating variables go back; counters go on, so that the next step has draws of its own. The count is no part of a
    saved model.

    Args:
        variables: All variables that a step changes.
    """

    def __init__(self, variables: Sequence[tf.Variable]) -> None:
        self._variables = [variable for variable in variables if variable.dtype.is_floating]
        self._skipped = tf.Variable(0.0, trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA)

    @property
    def num_skipped(self) -> Tensor:
        """Steps that were undone, a float32 scalar."""
        return tf.convert_to_tensor(self._skipped)

    def values(self) -> list[Tensor]:
        """Returns what this replica's variables hold."""
        return [tf.identity(variable) for variable in self._variables]

    def damage(self) -> Tensor:
        """Returns 1 if a variable of this replica is not finite, else 0, a float32 scalar."""
        finite = [tf.reduce_all(tf.math.is_finite(variable)) for variable in self._variables]
        return 1.0 - tf.cast(tf.reduce_all(finite), tf.float32)

    def undo_unless(self, is_sound: Tensor, before: Sequence[Tensor]) -> None:
        """Gives variables back the values before a step unless it was sound, which all replicas agree on."""
        self._skipped.assign_add(1.0 - tf.cast(is_sound, tf.float32))

        def select(strategy: tf.distribute.Strategy, is_sound: Tensor, before: Sequence[Tensor]) -> None:
            for variable, old in zip(self._variables, before, strict=True):
                strategy.extended.update(variable, _keep_or_undo, args=(is_sound, old))

        # Variables of all replicas are written from outside the replicas, as optimizers do.
        tf.distribute.get_replica_context().merge_call(select, args=(is_sound, before))


def _keep_or_undo(variable: tf.Variable, is_sound: Tensor, before: Tensor) -> tf.Operation:
    return variable.assign(tf.where(is_sound, variable, before))
