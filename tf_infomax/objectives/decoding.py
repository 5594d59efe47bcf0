"""Decoders of an encoder's output, which several objectives own."""

from collections.abc import Mapping
from typing import cast

from tf_infomax.networks.decoders import ConvolutionalDecoder


def decoder_for(shapes: Mapping[str, tuple[int | None, ...]], **kwargs) -> ConvolutionalDecoder:
    """Returns a decoder, with its variables, from an encoder's output to its images.

    Args:
        shapes: As for `EncoderObjective.build`.
        **kwargs: Further arguments of `ConvolutionalDecoder`.

    Raises:
        InputError: There is no decoder for the image size.
    """
    _, image_size, _, num_channels = shapes["images"]
    decoder = ConvolutionalDecoder(cast(int, image_size), num_channels=cast(int, num_channels), **kwargs)
    decoder.build(shapes["output"])
    return decoder
