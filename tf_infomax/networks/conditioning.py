"""Calls of networks that may be conditional on class labels."""

from typing import Any

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.types import Features, Tensor


def call_network(network: keras.Model, inputs: Tensor, labels: Tensor | None = None, *, training: bool = False) -> Any:
    """Calls a generator or a discriminator, with the labels if it is conditional.

    Args:
        network: Conditional if it has a `num_classes` other than None; labels are then its second argument.
        inputs: Latents (B, Z), images (B, H, W, C) or points (B, D).
        labels: Classes (B,), integers below K; an unconditional network does not see them.
        training: Whether normalisations use and update the statistics of the batch.

    Returns:
        A generator's images or a discriminator's dict.

    Raises:
        InputError: The network is conditional and there are no labels.
    """
    num_classes = getattr(network, "num_classes", None)
    if num_classes is None:
        return network(inputs, training=training)
    # Here as well as in the network: Keras turns an error inside a call into many lines.
    require_labels(labels, num_classes=num_classes)
    return network(inputs, labels, training=training)


def call_discriminator(
    discriminator: keras.Model, real: tuple[Tensor, Tensor | None], fake: tuple[Tensor, Tensor | None]
) -> tuple[Features, Features]:
    """Calls a discriminator on real and on fake samples in training mode.

    A discriminator that is `samplewise` and unconditional sees both in one pass, which gives the same outputs.

    Args:
        discriminator: Conditional or not.
        real: Samples and their labels (B,), if any.
        fake: Likewise, the same number.

    Returns:
        The outputs on real and on fake samples.
    """
    conditional = getattr(discriminator, "num_classes", None) is not None
    if conditional or not getattr(discriminator, "samplewise", False):
        return call_network(discriminator, *real, training=True), call_network(discriminator, *fake, training=True)
    outputs = call_network(discriminator, tf.concat([tf.cast(real[0], fake[0].dtype), fake[0]], axis=0), training=True)
    halves = {name: tf.split(output, 2) for name, output in outputs.items()}
    return {name: half[0] for name, half in halves.items()}, {name: half[1] for name, half in halves.items()}


def require_labels(labels: Tensor | None, *, num_classes: int | None) -> None:
    """Raises an InputError if a conditional network is called without labels; None stands for an unconditional one."""
    if num_classes is not None and labels is None:
        raise InputError(f"`labels` must be given to a network with {num_classes} classes. Received: None")
