"""The papers' optimizer."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError, check_finite
from tf_infomax.types import Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class FusedAdam(keras.optimizers.Adam):
    """Keras' Adam with one operation for each variable, where Keras has a dozen.

    Arguments, state and, up to rounding, results are those of `keras.optimizers.Adam`. The many small operations cost
    networks of a few million weights several per cent of a training step on a CPU.

    Source: Kingma and Ba, ICLR 2015, section 2, last paragraph.
    """

    def update_step(self, gradient: Tensor, variable: tf.Variable, learning_rate: Tensor) -> None:
        if self.amsgrad:
            super().update_step(gradient, variable, learning_rate)
            return
        dtype = variable.dtype
        step = tf.cast(tf.convert_to_tensor(self.iterations) + 1, dtype)
        beta_1, beta_2 = (tf.constant(beta, dtype) for beta in (self.beta_1, self.beta_2))
        first, second = compat.moments_of(self, variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=first.handle,
            v=second.handle,
            beta1_power=tf.pow(beta_1, step),
            beta2_power=tf.pow(beta_2, step),
            lr=tf.cast(learning_rate, dtype),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.constant(self.epsilon, dtype),
            grad=tf.cast(tf.convert_to_tensor(gradient), dtype),  # Those of embeddings are sparse.
        )


def chosen_optimizer(given: Any, default: Callable[[], keras.optimizers.Optimizer]) -> keras.optimizers.Optimizer:
    """Returns the optimizer of a player.

    Args:
        given: An optimizer, or what `keras.optimizers.get` makes one of, such as `"adam"`; the default if None.
        default: Makes the default.

    Raises:
        InputError: It scales losses, accumulates gradients or averages weights, which these models do not.
    """
    optimizer = default() if given is None else keras.optimizers.get(given)
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        raise InputError("A player's optimizer must not scale losses; the precision mixed_bfloat16 does without.")
    if optimizer.gradient_accumulation_steps:
        raise InputError(
            "A player's optimizer must not accumulate gradients: draws are a function of its steps. "
            f"Received: gradient_accumulation_steps={optimizer.gradient_accumulation_steps}"
        )
    if optimizer.use_ema:
        raise InputError(
            "A player's optimizer must not average weights; `ema_decay` averages a GAN's generator. "
            "Received: use_ema=True"
        )
    return optimizer


def default_optimizer(
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 2e-4,
    *,
    beta_1: float = 0.0,
    beta_2: float = 0.9,
) -> keras.optimizers.Optimizer:
    """Returns Adam with epsilon 1e-8, betas (0, 0.9) unless given. Source: InfoMax-GAN, Appendix A.2.

    Raises:
        InputError: A number is not finite.
    """
    check_finite(learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2)
    return FusedAdam(learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=1e-8)
