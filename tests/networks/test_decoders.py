"""Decoders mirror the encoders of their size."""

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import ConvolutionalDecoder, ConvolutionalEncoder

SIZES = (28, 32, 64)


def pair(image_size: int, **settings) -> tuple[ConvolutionalEncoder, ConvolutionalDecoder]:
    settings = {"base_channels": 8, "fc_units": 16, "num_channels": 2, **settings}
    encoder = ConvolutionalEncoder(image_size, output_dim=5, **settings)
    decoder = ConvolutionalDecoder(image_size, **settings)
    decoder(encoder(tf.zeros([1, image_size, image_size, 2]))["output"])
    return encoder, decoder


@pytest.mark.parametrize("image_size", SIZES)
def test_layers_are_the_encoders_in_reverse_order(image_size):
    encoder, decoder = pair(image_size)
    expected = [tuple(block.conv.kernel.shape) for block in encoder.blocks]
    assert [tuple(conv.kernel.shape) for conv in reversed(decoder.convs)] == expected
    network = encoder.fully_connected
    linear = [*(block.linear for block in network.hidden_layers), network.output_layer]
    expected = [tuple(layer.kernel.shape)[::-1] for layer in reversed(linear)]
    assert [tuple(block.linear.kernel.shape) for block in decoder.hidden_layers] == expected


@pytest.mark.parametrize("image_size", SIZES)
def test_images(image_size):
    _, decoder = pair(image_size)
    images = decoder(10 * np.random.default_rng(0).normal(size=(3, 5)), training=True).numpy()
    assert images.shape == (3, image_size, image_size, 2) and images.dtype == np.float32
    assert np.abs(images).max() <= 1.0 and images.std() > 0.1


@pytest.mark.parametrize("image_size", SIZES)
def test_convolutions_are_transposed(image_size):
    """`<conv(x), y>` is `<x, transposed(y)>` with the same kernel, at each depth."""
    encoder, decoder = pair(image_size)
    rng = np.random.default_rng(0)
    size = image_size
    for number, block in reversed(list(enumerate(reversed(encoder.blocks)))):
        transposed = decoder.convs[number]
        transposed.kernel.assign(block.conv.kernel)
        if transposed.use_bias:
            transposed.bias.assign(tf.zeros_like(transposed.bias))
        maps = rng.normal(size=(2, size, size, block.conv.kernel.shape[2])).astype(np.float32)
        convolved = block.conv(block.pad(maps))
        others = rng.normal(size=convolved.shape).astype(np.float32)
        back = decoder._transpose(number, tf.constant(others))
        assert back.shape == maps.shape
        assert np.sum(convolved * others) == pytest.approx(np.sum(maps * back), rel=1e-3)
        size = convolved.shape[1]


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"image_size": 48}, "architecture dcgan must be one of 28, 32, 64. Received: 48"),
        ({"fc_units": 0}, "`fc_units` must be at least 1. Received: 0"),
    ],
)
def test_bad_arguments(settings, message):
    with pytest.raises(InputError, match=message):
        ConvolutionalDecoder(**settings)
