import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import ConvolutionalDiscriminator, ConvolutionalGenerator


@pytest.mark.parametrize(("size", "bottom"), [(8, 4), (28, 7), (32, 4), (40, 5)])
def test_generator_shapes(size, bottom):
    generator = ConvolutionalGenerator(size, base_channels=16, latent_dim=5)
    images = generator(np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32), training=True)
    assert generator.bottom_shape == (bottom, bottom, 16)
    assert images.shape == (2, size, size, 3) and images.dtype == tf.float32
    assert float(tf.reduce_max(tf.abs(images))) <= 1.0


def maps_of(size: int, bottom: int) -> list[tuple[int, int, int]]:
    """Shapes of all maps at a base width of 16, the last convolution's too."""
    heights = [size >> i for i in range(1, size.bit_length()) if size >> i >= bottom]
    widths = [16 >> i for i in reversed(range(len(heights)))]
    return [(height, height, width) for height, width in zip(heights, widths)] + [(bottom, bottom, 16)]


@pytest.mark.parametrize(("size", "bottom"), [(8, 4), (28, 7), (32, 4), (40, 5)])
def test_discriminator_shapes(size, bottom):
    outputs = ConvolutionalDiscriminator(size, base_channels=16)(tf.zeros([2, size, size, 3]), training=True)
    assert {name: tuple(output.shape) for name, output in outputs.items()} == {
        "logits": (2, 1),
        "local_features": (2, bottom, bottom, 16),
        "global_features": (2, 16),
        **{f"block{i}": (2, *shape) for i, shape in enumerate(maps_of(size, bottom))},
    }
    assert {output.dtype for output in outputs.values()} == {tf.float32}


def conv_parameters(inputs: int, outputs: int, size: int) -> int:
    return inputs * outputs * size**2 + outputs


def trainable_parameters(network) -> int:
    return sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)


def test_parameters_of_the_published_generator():
    generator = ConvolutionalGenerator(32)
    generator.build((None, 128))
    transposed = sum(conv_parameters(2 * width, width, 4) for width in (256, 128, 64))
    norms = 2 * (512 + 256 + 128 + 64)
    expected = (128 + 1) * 4 * 4 * 512 + transposed + norms + conv_parameters(64, 3, 3)
    assert trainable_parameters(generator) == expected == 3_813_379


def test_parameters_of_the_discriminator():
    discriminator = ConvolutionalDiscriminator(32)
    discriminator.build((None, 32, 32, 3))
    strided = sum(conv_parameters(*widths, 4) for widths in ((3, 128), (128, 256), (256, 512)))
    last = conv_parameters(512, 512, 3)
    assert trainable_parameters(discriminator) == strided + last + 512 + 1 == 4_988_801


def test_grey_images():
    images = ConvolutionalGenerator(16, base_channels=8, num_channels=1)(tf.zeros([1, 128]))
    assert images.shape == (1, 16, 16, 1)
    assert ConvolutionalDiscriminator(16, base_channels=8, num_channels=1)(images)["logits"].shape == (1, 1)


def test_local_features_feed_the_last_convolution():
    discriminator = ConvolutionalDiscriminator(16, base_channels=8)
    outputs = discriminator(np.random.default_rng(0).normal(size=(2, 16, 16, 3)).astype(np.float32))
    last = tf.nn.leaky_relu(discriminator.last_conv(outputs["local_features"]), 0.1)
    np.testing.assert_array_equal(outputs["block1"], outputs["local_features"])
    np.testing.assert_allclose(outputs["block2"], last, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(outputs["global_features"], tf.reduce_sum(last, [1, 2]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(outputs["logits"], discriminator.to_logits(outputs["global_features"]), rtol=1e-5)


def test_mixed_precision_ends_in_float32():
    policy = "mixed_bfloat16"
    images = ConvolutionalGenerator(16, base_channels=8, latent_dim=5, dtype=policy)(tf.zeros([2, 5]), training=True)
    assert images.dtype == tf.float32
    outputs = ConvolutionalDiscriminator(16, base_channels=8, dtype=policy)(images, training=True)
    assert {output.dtype for output in outputs.values()} == {tf.float32}


@pytest.mark.parametrize("network", [ConvolutionalGenerator, ConvolutionalDiscriminator])
def test_sizes_that_cannot_be_halved(network):
    for size in (1, 4, 7, 31):
        with pytest.raises(InputError, match=f"`image_size` must be even and at least 8. Received: {size}"):
            network(size)
    for width in (0, 4, 30):
        message = f"`base_channels` must be a multiple of 8 at 32 pixels. Received: {width}"
        with pytest.raises(InputError, match=message):
            network(32, base_channels=width)
