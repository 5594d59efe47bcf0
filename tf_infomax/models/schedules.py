"""Learning-rate schedules that keep both players in step."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_positive
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Falls linearly with generator steps: `learning_rate * (1 - t / T)`, and is zero from T on.

    Training that goes on after T to a step T' has the rate of a schedule of T' steps from T on: it rises to
    `learning_rate * (1 - T / T')` and falls to zero at T'. It is a function of the step alone, whenever training is
    extended.

    An optimizer counts its own updates. The discriminator makes several in each generator step, all at that step's
    rate.

    Args:
        learning_rate: Rate of the first step.
        num_steps: Generator steps until zero (T).
        updates_per_step: Updates of this schedule's optimizer per generator step.
        extensions: Later ends of training (T', T'', ...), each above the one before.

    Raises:
        InputError: The number of steps or updates is below 1, or an end is not above the one before.

    Source: InfoMax-GAN, Appendix A.2.
    """

    def __init__(
        self, learning_rate: float, num_steps: int, *, updates_per_step: int = 1, extensions: Sequence[int] = ()
    ) -> None:
        check_positive(num_steps=num_steps, updates_per_step=updates_per_step)
        ends = [num_steps, *extensions]
        if any(end >= later for end, later in zip(ends, ends[1:])):
            raise InputError(f"`extensions` must rise from `num_steps` = {num_steps}. Received: {list(extensions)}")
        self.learning_rate = learning_rate
        self.num_steps = num_steps
        self.updates_per_step = updates_per_step
        self.extensions = list(extensions)

    def __call__(self, step: Tensor | int) -> Tensor:
        """Returns the rate, a scalar float32, after `step` updates."""
        generator_step = tf.cast(step, tf.int64) // self.updates_per_step
        end = tf.constant(self.num_steps, tf.float32)
        for earlier, later in zip([self.num_steps, *self.extensions], self.extensions):
            end = tf.where(generator_step < earlier, end, float(later))
        remaining = 1.0 - tf.cast(generator_step, tf.float32) / end
        return self.learning_rate * tf.maximum(remaining, 0.0)

    def get_config(self) -> dict:
        """Returns the arguments."""
        return arguments_of(self)
