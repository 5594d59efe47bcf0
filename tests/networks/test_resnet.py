import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import CHANNEL_PLANS, ResNetDiscriminator, ResNetGenerator

SIZES = sorted(CHANNEL_PLANS)
LOCAL_GRIDS = {32: 8, 48: 3, 64: 4, 128: 4, 256: 4}
PUBLISHED_LOCAL_CHANNELS = {32: 128, 48: 512, 64: 512, 128: 1024, 256: 1024}
PUBLISHED_GENERATOR_CHANNELS = {
    32: [256] * 4,
    48: [512, 256, 128, 64],
    64: [1024, 512, 256, 128, 64],
    128: [1024, 1024, 512, 256, 128, 64],
    256: [1024, 1024, 512, 512, 256, 128, 64],
}
PUBLISHED_DISCRIMINATOR_CHANNELS = {
    32: [128] * 4,
    48: [64, 128, 256, 512, 1024],
    64: [64, 128, 256, 512, 1024],
    128: [64, 128, 256, 512, 1024, 1024],
    256: [64, 128, 256, 512, 512, 1024, 1024],
}


@pytest.mark.parametrize("size", SIZES)
def test_generator_shapes(size):
    generator = ResNetGenerator(size, base_channels=16, latent_dim=5)
    images = generator(np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32), training=True)
    assert images.shape == (2, size, size, 3) and images.dtype == tf.float32
    assert float(tf.reduce_max(tf.abs(images))) <= 1.0


@pytest.mark.parametrize("size", SIZES)
def test_discriminator_shapes(size):
    outputs = ResNetDiscriminator(size, base_channels=16)(tf.zeros([2, size, size, 3]), training=True)
    grid, channels = (
        LOCAL_GRIDS[size],
        PUBLISHED_LOCAL_CHANNELS[size] * 16 // CHANNEL_PLANS[size].discriminator_channels,
    )
    assert {name: tuple(output.shape) for name, output in outputs.items() if not name.startswith("block")} == {
        "logits": (2, 1),
        "local_features": (2, grid, grid, channels),
        "global_features": (2, 16),
    }
    assert {output.dtype for output in outputs.values()} == {tf.float32}


@pytest.mark.parametrize("size", SIZES)
def test_published_widths(size):
    generator, discriminator = ResNetGenerator(size), ResNetDiscriminator(size)
    widths = [block.out_channels for block in generator.blocks]
    assert [generator.bottom_shape[-1], *widths] == PUBLISHED_GENERATOR_CHANNELS[size]
    assert [block.out_channels for block in discriminator.blocks] == PUBLISHED_DISCRIMINATOR_CHANNELS[size]
    assert discriminator.blocks[-1].in_channels == PUBLISHED_LOCAL_CHANNELS[size]
    assert generator.bottom_shape[0] * 2 ** len(generator.blocks) == size


def conv_parameters(inputs: int, outputs: int, size: int) -> int:
    return inputs * outputs * size**2 + outputs


def test_parameters_of_the_published_generator():
    generator = ResNetGenerator(32)
    generator.build((None, 128))
    block = 2 * (2 * 256) + 2 * conv_parameters(256, 256, 3) + conv_parameters(256, 256, 1)
    expected = (128 + 1) * 4 * 4 * 256 + 3 * block + 2 * 256 + conv_parameters(256, 3, 3)
    assert expected == 4_276_739
    assert sum(int(np.prod(v.shape)) for v in generator.trainable_variables) == expected
    running_statistics = 7 * 2 * 256
    assert generator.count_params() == expected + running_statistics


def test_parameters_of_the_published_discriminator():
    discriminator = ResNetDiscriminator(32)
    discriminator.build((None, 32, 32, 3))
    first = conv_parameters(3, 128, 3) + conv_parameters(128, 128, 3) + conv_parameters(3, 128, 1)
    second = 2 * conv_parameters(128, 128, 3) + conv_parameters(128, 128, 1)
    others = 2 * 2 * conv_parameters(128, 128, 3)
    expected = first + second + others + 128 + 1
    assert expected == 1_053_825
    assert sum(int(np.prod(v.shape)) for v in discriminator.trainable_variables) == expected


def test_grey_images():
    assert ResNetGenerator(32, base_channels=8, num_channels=1)(tf.zeros([1, 128])).shape == (1, 32, 32, 1)
    assert ResNetDiscriminator(32, base_channels=8, num_channels=1)(tf.zeros([1, 32, 32, 1]))["logits"].shape == (1, 1)


def test_local_features_are_activated_unless_the_papers_blocks_are_asked_for():
    images = np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype(np.float32)
    for activate_shortcut in (True, False):
        discriminator = ResNetDiscriminator(32, base_channels=8, activate_shortcut=activate_shortcut)
        assert (float(tf.reduce_min(discriminator(images)["local_features"])) >= 0) == activate_shortcut


@pytest.mark.parametrize("size", SIZES)
def test_maps_of_all_blocks(size):
    discriminator = ResNetDiscriminator(size, base_channels=16)
    outputs = discriminator(np.random.default_rng(0).normal(size=(2, size, size, 3)).astype(np.float32))
    plan, height = CHANNEL_PLANS[size], size
    for i, (downsample, shift) in enumerate(zip(plan.downsample, plan.discriminator_shifts)):
        height = height // 2 if downsample else height
        assert outputs[f"block{i}"].shape == (2, height, height, 16 >> shift)
    assert f"block{i + 1}" not in outputs
    np.testing.assert_array_equal(outputs[f"block{i - 1}"], outputs["local_features"])
    np.testing.assert_array_equal(tf.reduce_sum(outputs[f"block{i}"], axis=[1, 2]), outputs["global_features"])


@pytest.mark.parametrize("activate_shortcut", [True, False])
def test_maps_are_what_the_next_block_receives(activate_shortcut):
    """A block activates what it receives, so relu'd maps and those of the papers' blocks can both be passed on."""
    discriminator = ResNetDiscriminator(32, base_channels=8, activate_shortcut=activate_shortcut)
    outputs = discriminator(np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype(np.float32))
    for i in range(3):
        following = discriminator.blocks[i + 1](outputs[f"block{i}"])
        if activate_shortcut or i == 2:
            following = tf.nn.relu(following)
        np.testing.assert_allclose(following, outputs[f"block{i + 1}"], rtol=1e-5, atol=1e-6)
        assert (float(tf.reduce_min(outputs[f"block{i}"])) >= 0) == activate_shortcut
    assert float(tf.reduce_min(outputs["block3"])) >= 0


def test_mixed_precision_ends_in_float32():
    policy = "mixed_bfloat16"
    images = ResNetGenerator(32, base_channels=8, latent_dim=5, dtype=policy)(tf.zeros([2, 5]), training=True)
    assert images.dtype == tf.float32
    outputs = ResNetDiscriminator(32, base_channels=8, dtype=policy)(images, training=True)
    assert {output.dtype for output in outputs.values()} == {tf.float32}


@pytest.mark.parametrize("network", [ResNetGenerator, ResNetDiscriminator])
def test_unknown_size(network):
    with pytest.raises(InputError, match="`image_size` must be one of 32, 48, 64, 128, 256 for a ResNet. Received: 40"):
        network(40)


@pytest.mark.parametrize("network", [ResNetGenerator, ResNetDiscriminator])
def test_too_narrow(network):
    with pytest.raises(InputError, match="`base_channels` must be at least 16 .* Received: 8"):
        network(64, base_channels=8)
    for width in (0, -1):
        with pytest.raises(InputError, match=f"`base_channels` must be at least 1 .* Received: {width}"):
            network(32, base_channels=width)
