"""This library's networks with the authors' weights."""

import math
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_choice
from tf_infomax.mimicry.layers import discriminator_layers, generator_layers, last_number
from tf_infomax.mimicry.state import State, restore
from tf_infomax.models import GAN
from tf_infomax.networks import ResNetDiscriminator, ResNetGenerator
from tf_infomax.networks.conditioning import call_network
from tf_infomax.networks.resnet import channel_plan
from tf_infomax.objectives import AuxiliaryObjective, InfoMax, RotationPrediction, build_heads

MethodName = Literal["sngan", "infomax-gan", "ssgan", "cgan"]
Player = Literal["generator", "discriminator"]

DISCRIMINATOR_STEPS = 5
"""Discriminator steps for each generator step, in all published runs but those on CelebA and LSUN at 128 pixels."""


class Method(NamedTuple):
    """What distinguishes a method of the authors' library in its tensors."""

    first_block: str = "block1"
    """Name of the discriminator's first block."""
    conditional: bool = False
    """Whether the networks see class labels."""
    objectives: Callable[[State, str], list[AuxiliaryObjective]] = lambda state, source: []
    """Returns the objectives whose heads are in a discriminator's state."""


def _infomax(state: State, source: str) -> list[AuxiliaryObjective]:
    # "masked" is the role of an image's other locations in the loss of the authors' code.
    projection_dim = _size(state, "local_nrkhs_b.weight_orig", "R, C, 1, 1", axis=0, source=source)
    return [InfoMax(projection_dim, own_locations="masked")]


METHODS: dict[str, Method] = {
    "sngan": Method(),
    "infomax-gan": Method("local_feat_blocks.0", objectives=_infomax),
    "ssgan": Method(objectives=lambda state, source: [RotationPrediction()]),
    "cgan": Method(conditional=True),
}


def method_named(name: str) -> Method:
    """Returns the method called `name`.

    Raises:
        InputError: The authors' library has none of that name.
    """
    check_choice("method", name, METHODS)
    return METHODS[name]


def player_of(state: State, *, source: str = "state") -> Player:
    """Returns the player that a state belongs to.

    Raises:
        InputError: The state is neither a residual generator's nor a residual discriminator's.
    """
    if "l1.weight" in state:
        return "generator"
    if any(key.startswith(f"{method.first_block}.") for key in state for method in METHODS.values()):
        return "discriminator"
    received = ", ".join(list(state)[:3]) or "no tensors"
    raise InputError(f"{source}: expected `l1.weight` of a generator or a discriminator's block. Received: {received}")


def restore_generator(
    state: State, *, method: MethodName, image_size: int, source: str = "generator"
) -> ResNetGenerator:
    """Builds the generator of a state; widths, latents, classes and image channels are read from its tensors.

    Args:
        state: Arrays by the authors' names.
        method: The method that trained it.
        image_size: Height and width of its images.
        source: What the state is called in errors.

    Raises:
        InputError: The method or the size is unknown, or a tensor does not fit; the message names the first one.
    """
    num_classes = None
    latent_dim = _size(state, "l1.weight", "units, Z", axis=1, source=source)
    if method_named(method).conditional:
        num_classes = _size(state, "block2.b1.embed.weight", "K, 2C", axis=0, source=source)
    base_channels = _size(state, "block2.c1.weight", "O, C, 3, 3", axis=1, source=source)
    _check_bottom_width(state, base_channels, image_size, source=source)
    to_image = state.get(f"c{last_number(image_size)}.weight")
    generator = ResNetGenerator(
        image_size,
        base_channels=base_channels,
        latent_dim=latent_dim,
        # If the last layer is missing any number will do: the check of all tensors names the first missing one.
        num_channels=3 if to_image is None or not to_image.ndim else len(to_image),
        num_classes=num_classes,
    )
    call_network(generator, tf.zeros([1, latent_dim], keras.config.floatx()), tf.zeros([1], tf.int64))
    restore(generator_layers(generator), state, source=source)
    return generator


def _check_bottom_width(state: State, base_channels: int, image_size: int, *, source: str) -> None:
    """Raises an InputError for a generator whose first map belongs to another image size."""
    plan, num_outputs = channel_plan(image_size), len(state["l1.weight"])
    bottom_width = math.isqrt(num_outputs // base_channels)
    if bottom_width != plan.bottom_width and bottom_width**2 * base_channels == num_outputs:
        pixels = bottom_width * 2 ** (len(plan.generator_shifts) - 1)
        raise InputError(
            f"{source}: l1.weight has {num_outputs} outputs, which is a bottom width of {bottom_width} and, with the "
            f"blocks of image size {image_size}, images of {pixels} pixels. Expected a bottom width of "
            f"{plan.bottom_width}"
        )


def restore_discriminator(
    state: State, *, method: MethodName, image_size: int, source: str = "discriminator"
) -> tuple[ResNetDiscriminator, list[AuxiliaryObjective]]:
    """Builds the discriminator of a state and the objectives whose heads are in it.

    InfoMax-GAN's discriminators at 48 and 64 pixels have the same tensors: a wrong size goes unnoticed.

    Args:
        state: Arrays by the authors' names.
        method: The method that trained it.
        image_size: Height and width of its images.
        source: What the state is called in errors.

    Raises:
        InputError: The method or the size is unknown, or a tensor does not fit; the message names the first one.
    """
    known, num_classes = method_named(method), None
    first_kernel = f"{known.first_block}.c1.weight_orig"
    num_channels = _size(state, first_kernel, "O, C, 3, 3", axis=1, source=source)
    first_width = _size(state, first_kernel, "O, C, 3, 3", axis=0, source=source)
    if known.conditional:
        num_classes = _size(state, _spectral(state, "l_y"), "K, F", axis=0, source=source)
    discriminator = ResNetDiscriminator(
        image_size,
        base_channels=first_width << channel_plan(image_size).discriminator_shifts[0],
        num_channels=num_channels,
        num_classes=num_classes,
    )
    images = tf.zeros([1, image_size, image_size, num_channels], keras.config.floatx())
    features = call_network(discriminator, images, tf.zeros([1], tf.int64))
    shapes = {"images": images.shape, **{name: feature.shape for name, feature in features.items()}}
    objectives = known.objectives(state, source)
    build_heads(objectives, shapes)
    restore(discriminator_layers(discriminator, objectives), state, source=source)
    return discriminator, objectives


def compiled_gan(
    generator: ResNetGenerator, discriminator: ResNetDiscriminator, objectives: Sequence[AuxiliaryObjective] = ()
) -> GAN:
    """Returns a restored pair as a GAN that can train on: hinge loss, five discriminator steps, new optimizers.

    Learning rates are 2e-4 and do not decay.

    Raises:
        InputError: The networks are for different images or classes.
    """
    gan = GAN(generator, discriminator, objectives)
    gan.compile("hinge", discriminator_steps=DISCRIMINATOR_STEPS)
    return gan


def _size(state: State, key: str, shape: str, *, axis: int, source: str) -> int:
    """Reads one size of an architecture from a tensor whose shape has the given letters."""
    received = state[key].shape if key in state else None
    if received is None or len(received) != len(shape.split(", ")):
        found = "no such tensor" if received is None else f"shape {received}"
        raise InputError(f"{source}: expected `{key}` of shape ({shape}). Received: {found}")
    if 0 in received:
        raise InputError(f"{source}: expected `{key}` of sizes above 0. Received: shape {received}")
    return received[axis]


def _spectral(state: State, layer: str) -> str:
    """Returns the key of a weight in either kind of spectral normalisation."""
    return f"{layer}.weight_orig" if f"{layer}.weight_orig" in state else f"{layer}.weight"
