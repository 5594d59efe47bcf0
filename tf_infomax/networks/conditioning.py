"""Class labels on their way into networks, conditional or not."""

from typing import Any

import keras

from tf_infomax.errors import InputError
from tf_infomax.types import Tensor


def call_network(network: keras.Model, inputs: Tensor, labels: Tensor | None = None, *, training: bool = False) -> Any:
    """Calls a generator or a discriminator, with the labels if it is conditional.

    Args:
        network: Conditional if it has a `num_classes` that is not None; labels are then its second argument.
        inputs: Latents (B, Z) or images (B, H, W, C).
        labels: Classes (B,), integers below K; an unconditional network does not see them.
        training: Whether normalisations use and update the statistics of the batch.

    Returns:
        What the network returns: images of a generator, the dict of a discriminator.

    Raises:
        InputError: The network is conditional and there are no labels.
    """
    num_classes = getattr(network, "num_classes", None)
    if num_classes is None:
        return network(inputs, training=training)
    # Here as well as in the network: what is raised inside of a Keras call becomes many lines.
    require_labels(labels, num_classes=num_classes)
    return network(inputs, labels, training=training)


def require_labels(labels: Tensor | None, *, num_classes: int | None) -> None:
    """Raises an InputError if a conditional network is called without labels; None stands for an unconditional one."""
    if num_classes is not None and labels is None:
        raise InputError(f"a network with {num_classes} classes must be called with `labels`. Received: None")
