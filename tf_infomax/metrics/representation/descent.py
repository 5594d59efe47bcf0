"""A compiled step of gradient descent, by which all networks that measure a representation train."""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from tf_infomax.types import Tensor


def training_step(
    loss: Callable[..., Tensor], variables: Sequence[keras.Variable], optimizer: keras.optimizers.Optimizer
) -> tf.types.experimental.GenericFunction:
    """Returns a function that makes one step of the optimizer down the gradient of a loss.

    Args:
        loss: Maps the parts of a batch, one argument each, to a scalar.
        variables: Variables to train; those that the loss does not depend on have zero gradients.
        optimizer: Not yet built.
    """
    optimizer.build(variables)

    @tf.function(autograph=False, reduce_retracing=True)
    def step(*batch: Tensor) -> None:
        with tf.GradientTape() as tape:
            value = loss(*batch)
        gradients = [
            tf.zeros_like(variable) if gradient is None else gradient
            for gradient, variable in zip(tape.gradient(value, variables), variables)
        ]
        optimizer.apply(gradients, variables)

    return step
