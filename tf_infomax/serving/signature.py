"""A signature of a SavedModel, and the form of it that answers with PNG files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import tensorflow as tf

from tf_infomax.types import Array, Tensor

PNG_SUFFIX = "_png"
PNG_BYTES = "png_bytes"
"""Output of the signatures that answer with PNG files. REST encodes outputs whose names end in `_bytes` as base64."""
_PNG_CHANNELS = range(1, 5)


@dataclass(frozen=True)
class Signature:
    """A function of named tensors.

    Attributes:
        name: Its name in the SavedModel.
        function: Maps the inputs, in the order of `inputs`, to outputs by name.
        inputs: Their specs, with names.
        example: A small request, inputs by name.
    """

    name: str
    function: Callable[..., Mapping[str, Tensor]]
    inputs: Sequence[tf.TensorSpec]
    example: Mapping[str, Array]


def with_png(signature: Signature) -> Signature:
    """Returns the signature `NAME_png`: the same with PNG files `png_bytes` (N,) in the place of `images`."""

    def encode(*inputs: Tensor) -> dict[str, Tensor]:
        outputs = dict(signature.function(*inputs))
        return {PNG_BYTES: tf.io.encode_png(outputs.pop("images")), **outputs}

    return Signature(signature.name + PNG_SUFFIX, encode, signature.inputs, signature.example)


def can_be_png(num_channels: int) -> bool:
    """Whether PNG knows images of so many channels: grey or in colour, each with opacity or without."""
    return num_channels in _PNG_CHANNELS
