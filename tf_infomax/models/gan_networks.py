"""Construction of a GAN's variables, and checks that its networks fit together."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives import AuxiliaryObjective, build_heads
from tf_infomax.sizes import height_and_width, size_text
from tf_infomax.types import Tensor


def example_inputs(generator: keras.Model) -> tuple[Tensor, Tensor]:
    """Returns latents (1, Z) and labels (1,) of zeros."""
    return tf.zeros([1, generator.latent_dim], keras.config.floatx()), tf.zeros([1], tf.int64)


def build_networks(
    generator: keras.Model, discriminator: keras.Model, objectives: Sequence[AuxiliaryObjective]
) -> Mapping[str, tuple[int, ...]]:
    """Creates all variables by one pass.

    Returns:
        The shapes of `latents`, `images` and each output of the discriminator, with a leading batch axis of size 1.

    Raises:
        InputError: An objective needs an output that the discriminator lacks, or the networks are for other images.
    """
    latents, labels = example_inputs(generator)
    images = call_network(generator, latents, labels, training=False)
    features = _features_of(discriminator, images, labels)
    tensors = {"latents": latents, "images": images, **features}
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    build_heads(objectives, shapes)
    return shapes


def _features_of(discriminator: keras.Model, images: Tensor, labels: Tensor) -> Mapping[str, Tensor]:
    """Calls a discriminator on a generator's image.

    Raises:
        InputError: It is for images of another size or with other channels, or cannot take them.
    """
    size = getattr(discriminator, "image_size", None)
    if size is not None and height_and_width(size) != tuple(images.shape[1:3]):
        raise InputError(
            f"The discriminator is for images of {size_text(size)} pixels. Received: a generator of {images.shape[1:]}"
        )
    channels = getattr(discriminator, "num_channels", images.shape[-1])
    if channels != images.shape[-1]:
        raise InputError(
            f"The discriminator is for samples of {channels} channels. Received: a generator of {images.shape[1:]}"
        )
    try:
        return call_network(discriminator, images, labels, training=False)
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"The discriminator does not take the generator's {images.shape[1:]}: {reason}") from error


def common_classes(generator: keras.Model, discriminator: keras.Model) -> int | None:
    """Returns the classes that both networks are conditioned on, None if they are not.

    Raises:
        InputError: The networks have different classes.
    """
    classes, others = (getattr(network, "num_classes", None) for network in (generator, discriminator))
    if classes != others:
        raise InputError(f"Both networks must have the same `num_classes`. Received: {classes} and {others}")
    return classes
