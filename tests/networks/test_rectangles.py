"""Networks for images whose sides differ."""

import keras
import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.models import GAN
from tf_infomax.networks import (
    CHANNEL_PLANS,
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
    DCGANDiscriminator,
    DCGANGenerator,
    ResNetDiscriminator,
    ResNetGenerator,
)
from tf_infomax.networks.resnet import channel_plan

PAIRS = {
    "resnet": (ResNetGenerator, ResNetDiscriminator),
    "convolutional": (ConvolutionalGenerator, ConvolutionalDiscriminator),
    "dcgan": (DCGANGenerator, DCGANDiscriminator),
}
GRIDS = {
    ("resnet", (32, 64)): (8, 16),
    ("resnet", (96, 48)): (6, 3),
    ("resnet", (64, 96)): (4, 6),
    ("resnet", (32, 40)): (8, 10),
    ("convolutional", (32, 64)): (4, 8),
    ("convolutional", (56, 28)): (14, 7),
    ("dcgan", (28, 56)): (7, 14),
    ("dcgan", (9, 31)): (3, 8),
}
"""Maps of local features."""


def pair(name, size):
    generator, discriminator = PAIRS[name]
    return generator(size, base_channels=16, latent_dim=5), discriminator(size, base_channels=16)


def latents(number=2):
    return np.random.default_rng(0).normal(size=(number, 5)).astype(np.float32)


@pytest.mark.parametrize("name, size", GRIDS)
def test_shapes(name, size):
    generator, discriminator = pair(name, size)
    images = generator(latents())
    assert images.shape == (2, *size, 3) and generator.image_size == discriminator.image_size == size
    features = discriminator(images)
    assert features["local_features"].shape[:3] == (2, *GRIDS[name, size]) and features["logits"].shape == (2, 1)
    assert features["global_features"].shape[0] == 2 and len(features["global_features"].shape) == 2


@pytest.mark.parametrize("name", ["resnet", "convolutional"])
def test_the_generators_first_layer_alone_has_more_weights(name):
    networks, shapes = [pair(name, size) for size in (32, (32, 64))], []
    for (generator, discriminator), width in zip(networks, (32, 64)):
        generator.build((None, 5))
        discriminator.build((None, 32, width, 3))
        shapes.append([[tuple(weight.shape) for weight in model.weights] for model in (generator, discriminator)])
    (generator, discriminator), (wide_generator, wide_discriminator) = shapes
    assert wide_discriminator == discriminator
    kernel, bias = ((a, b) for a, b in zip(generator, wide_generator, strict=True) if a != b)
    assert kernel[1] == (5, 2 * kernel[0][1]) and bias[1] == (2 * bias[0][0],)


@pytest.mark.parametrize("size", CHANNEL_PLANS)
def test_the_shorter_side_decides_on_the_plan(size):
    plan = channel_plan(size)
    assert channel_plan((size, 2 * size)) is channel_plan((3 * size, size)) is plan
    assert size % plan.multiple == 0 and size == plan.bottom_width << plan.doublings


@pytest.mark.parametrize("name", PAIRS)
def test_a_square_of_two_numbers_is_that_of_one(name):
    for network, config in zip(pair(name, (32, 32)), (network.get_config() for network in pair(name, 32))):
        assert {**network.get_config(), "name": None} == {**config, "name": None}
        assert network.image_size == 32


@pytest.mark.parametrize("name, size", [("resnet", (32, 64)), ("convolutional", (8, 16)), ("dcgan", (9, 31))])
def test_saved_and_loaded(name, size, tmp_path):
    gan = GAN(*pair(name, size), [])
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.image_shape == (*size, 3) and loaded.generator.image_size == size
    np.testing.assert_array_equal(loaded.generate(2, seed=1), gan.generate(2, seed=1))


def test_networks_of_different_sizes():
    generator, discriminator = ResNetGenerator((32, 64), base_channels=4), ResNetDiscriminator(32, base_channels=4)
    message = r"The discriminator is for samples of 1 channels. Received: a generator of \(32, 32, 3\)"
    with pytest.raises(InputError, match=message):
        GAN(ResNetGenerator(32, base_channels=8), ResNetDiscriminator(32, base_channels=8, num_channels=1))
    message = r"The discriminator is for images of 32 pixels. Received: a generator of \(32, 64, 3\)"
    with pytest.raises(InputError, match=message):
        GAN(generator, discriminator, [])


@pytest.mark.parametrize(
    "name, size, message",
    [
        ("resnet", (32, 44), "longer side .* multiple of 8 .* shorter side is 32. Received: 32x44"),
        ("resnet", (100, 48), "longer side .* multiple of 16 .* shorter side is 48. Received: 100x48"),
        ("resnet", (64, 112), "longer side .* multiple of 32 .* Received: 64x112"),
        ("resnet", (40, 64), "shorter side of `image_size` must be one of 32, .* Received: 40x64"),
        ("convolutional", (30, 61), "The longer side of `image_size` must be a multiple of 2. Received: 30x61"),
        ("convolutional", (7, 28), "`image_size` must be even and at least 8. Received: 7x28"),
        ("dcgan", (28, 7), "`image_size` must be at least 8 for a DCGAN. Received: 28x7"),
    ],
)
def test_sizes_that_fit_no_network(name, size, message):
    for network in PAIRS[name]:
        with pytest.raises(InputError, match=message):
            network(size, base_channels=16)
