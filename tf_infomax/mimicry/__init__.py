"""The authors' PyTorch library ("Mimicry"): its names, layouts and checkpoints for the networks of this library."""

from tf_infomax.mimicry.checkpoint import load_state
from tf_infomax.mimicry.conversion import convert, origin_of, read_checkpoints
from tf_infomax.mimicry.layers import NamedLayer, NamedTensor, discriminator_layers, generator_layers, named_tensors
from tf_infomax.mimicry.networks import (
    METHODS,
    MethodName,
    Player,
    compiled_gan,
    restore_discriminator,
    restore_generator,
)
from tf_infomax.mimicry.state import State, restore

__all__ = [
    "METHODS",
    "MethodName",
    "NamedLayer",
    "NamedTensor",
    "Player",
    "State",
    "compiled_gan",
    "convert",
    "discriminator_layers",
    "generator_layers",
    "load_state",
    "named_tensors",
    "origin_of",
    "read_checkpoints",
    "restore",
    "restore_discriminator",
    "restore_generator",
]
