"""Learning-rate schedules that keep both players in step."""

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Falls linearly with generator steps: `learning_rate * (1 - t / T)`, and is zero from T on.

    An optimizer counts its own updates. The discriminator makes several in each generator step, all at that step's
    rate.

    Args:
        learning_rate: Rate of the first step.
        num_steps: Generator steps until zero (T).
        updates_per_step: Updates of this schedule's optimizer per generator step.

    Raises:
        InputError: The number of steps or updates is below 1.

    Source: InfoMax-GAN, Appendix A.2.
    """

    def __init__(self, learning_rate: float, num_steps: int, *, updates_per_step: int = 1) -> None:
        for name, value in (("num_steps", num_steps), ("updates_per_step", updates_per_step)):
            if value < 1:
                raise InputError(f"`{name}` must be at least 1. Received: {value}")
        self.learning_rate = learning_rate
        self.num_steps = num_steps
        self.updates_per_step = updates_per_step

    def __call__(self, step: Tensor | int) -> Tensor:
        """Returns the rate, a scalar float32, after `step` updates."""
        generator_step = tf.cast(step, tf.int64) // self.updates_per_step
        remaining = 1.0 - tf.cast(generator_step, tf.float32) / self.num_steps
        return self.learning_rate * tf.maximum(remaining, 0.0)

    def get_config(self) -> dict:
        """Returns the arguments."""
        return arguments_of(self)
