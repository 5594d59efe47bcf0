import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import DCGANDiscriminator, DCGANGenerator

SIZES = {28: (14, 7, 4), 32: (16, 8, 4), 9: (5, 3, 2), 8: (4, 2, 1)}


def random_images(size: int, num_images: int = 3) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (num_images, size, size, 3)).astype(np.float32)


def conv_parameters(inputs: int, outputs: int) -> int:
    return inputs * outputs * 3**2 + outputs


def trainable_parameters(network: keras.Model) -> int:
    return sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)


@pytest.mark.parametrize("size", SIZES)
def test_generator_shapes(size):
    generator = DCGANGenerator(size, latent_dim=5)
    images = generator(np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32), training=True)
    assert images.shape == (2, size, size, 3) and images.dtype == tf.float32
    assert float(tf.reduce_max(tf.abs(images))) <= 1.0
    assert generator.bottom_shape == (SIZES[size][-1], SIZES[size][-1], 64)
    shape = (None, *generator.bottom_shape)
    heights = [shape := convolution.compute_output_shape(shape) for convolution in generator.convs]
    assert [height for _, height, _, _ in heights] == [*SIZES[size][-2::-1], size]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("base_channels", "widths"), [(8, (2, 4, 8)), (16, (4, 8, 16))])
def test_discriminator_shapes(size, base_channels, widths):
    outputs = DCGANDiscriminator(size, base_channels=base_channels)(random_images(size), training=True)
    maps = [(3, height, height, width) for height, width in zip(SIZES[size], widths)]
    assert {name: tuple(output.shape) for name, output in outputs.items()} == {
        "logits": (3, 1),
        "local_features": maps[1],
        "global_features": (3, int(np.prod(maps[2][1:]))),
        "block0": maps[0],
        "block1": maps[1],
        "block2": maps[2],
    }


def test_parameters_of_the_generator():
    generator = DCGANGenerator()
    generator.build((None, 256))
    transposed = conv_parameters(64, 32) + conv_parameters(32, 16) + conv_parameters(16, 8)
    expected = (256 + 1) * 4 * 4 * 64 + transposed + conv_parameters(8, 3) + 2 * (64 + 32 + 16 + 8)
    assert trainable_parameters(generator) == expected == 287_875


@pytest.mark.parametrize(("base_channels", "total"), [(8, 585), (16, 1_889)])
def test_parameters_of_the_discriminator(base_channels, total):
    discriminator = DCGANDiscriminator(base_channels=base_channels)
    discriminator.build((None, 28, 28, 3))
    small, middle, large = base_channels // 4, base_channels // 2, base_channels
    convs = conv_parameters(3, small) + conv_parameters(small, middle) + conv_parameters(middle, large)
    expected = convs + 2 * (small + middle + large) + 4 * 4 * large + 1
    assert trainable_parameters(discriminator) == expected == total


def test_initial_values():
    for network, shape in ((DCGANGenerator(), (None, 256)), (DCGANDiscriminator(base_channels=64), (None, 28, 28, 3))):
        network.build(shape)
        kernels = [variable.numpy().ravel() for variable in network.variables if variable.name == "kernel"]
        assert len(kernels) == 5 - isinstance(network, DCGANDiscriminator)
        kernels = np.concatenate(kernels)
        assert kernels.std() == pytest.approx(0.02, rel=0.05) and abs(kernels.mean()) < 5e-4
        assert not any(variable.numpy().any() for variable in network.variables if variable.name == "bias")


def test_discriminator_step_by_step():
    """Convolution, batch statistics and leaky ReLU 0.3 at each map; the last one, flattened, gives the logits."""
    discriminator = DCGANDiscriminator()
    outputs = discriminator(random_images(28), training=True)
    hidden = tf.constant(random_images(28))
    for i, convolution in enumerate(discriminator.convs):
        hidden = tf.nn.conv2d(hidden, convolution.kernel.value, 2, "SAME")
        mean, variance = tf.nn.moments(hidden, [0, 1, 2])
        hidden = (hidden - mean) / tf.sqrt(variance + 1e-5)
        hidden = tf.where(hidden < 0, 0.3 * hidden, hidden)
        np.testing.assert_allclose(outputs[f"block{i}"], hidden, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(outputs["block1"], outputs["local_features"])
    np.testing.assert_array_equal(outputs["global_features"], tf.reshape(outputs["block2"], [3, -1]))
    expected = outputs["global_features"] @ discriminator.to_logits.kernel + discriminator.to_logits.bias
    np.testing.assert_allclose(outputs["logits"], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_a_transposed_convolution_is_the_transpose_of_the_strided_one(size):
    """`<up(x), y> = <x, down(y)>`, with the same kernel and no bias."""
    generator = DCGANGenerator(size, base_channels=8, latent_dim=3)
    generator.build((None, 3))
    layer, rng = generator.convs[-1], np.random.default_rng(0)
    small = rng.normal(size=(1, SIZES[size][0], SIZES[size][0], 2)).astype(np.float32)
    large = rng.normal(size=(1, size, size, 1)).astype(np.float32)
    down = tf.nn.conv2d(large, layer.kernel.value, 2, "SAME")
    assert float(tf.reduce_sum(layer(small) * large)) == pytest.approx(float(tf.reduce_sum(small * down)), rel=1e-3)


@pytest.mark.parametrize("dtype", ["mixed_bfloat16", "float64"])
def test_precision(dtype):
    images = DCGANGenerator(latent_dim=5, dtype=dtype)(tf.zeros([2, 5], keras.DTypePolicy(dtype).compute_dtype))
    outputs = {"images": images, **DCGANDiscriminator(dtype=dtype)(images, training=True)}
    expected = tf.float64 if dtype == "float64" else tf.float32
    assert {output.dtype for output in outputs.values()} == {expected}


def test_grey_images():
    images = DCGANGenerator(latent_dim=5, num_channels=1)(tf.zeros([1, 5]))
    assert images.shape == (1, 28, 28, 1)
    assert DCGANDiscriminator(num_channels=1)(images)["logits"].shape == (1, 1)


def test_saving(tmp_path):
    latents = np.random.default_rng(0).normal(size=(2, 5)).astype(np.float32)
    generator, discriminator = DCGANGenerator(latent_dim=5), DCGANDiscriminator()
    images = generator(latents, training=True)
    discriminator(images, training=True)
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        network.save(tmp_path / f"{name}.keras")
    loaded = keras.models.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(loaded(latents), generator(latents))
    loaded = keras.models.load_model(tmp_path / "discriminator.keras")
    np.testing.assert_array_equal(loaded(images)["logits"], discriminator(images)["logits"])


def test_without_batch_norm_step_by_step():
    """Convolution, bias and leaky ReLU 0.3; there is nothing but convolutions and the linear layer."""
    discriminator = DCGANDiscriminator(batch_norm=False)
    discriminator.build((None, 28, 28, 3))
    for convolution in discriminator.convs:
        convolution.bias.assign(np.random.default_rng(1).normal(size=convolution.bias.shape))
    outputs = discriminator(random_images(28), training=True)
    hidden = tf.constant(random_images(28))
    for i, convolution in enumerate(discriminator.convs):
        hidden = tf.nn.conv2d(hidden, convolution.kernel.value, 2, "SAME") + convolution.bias.value
        hidden = tf.where(hidden < 0, 0.3 * hidden, hidden)
        np.testing.assert_allclose(outputs[f"block{i}"], hidden, rtol=1e-4, atol=1e-5)
    assert len(discriminator.variables) == 2 * (3 + 1)


@pytest.mark.parametrize("batch_norm", [True, False])
def test_samplewise_without_batch_norm(batch_norm):
    discriminator = DCGANDiscriminator(batch_norm=batch_norm, kernel_init="kaiming")
    images = random_images(28, num_images=4)
    together = discriminator(images, training=True)["logits"]
    before = [variable.numpy() for variable in discriminator.variables]
    halves = [discriminator(half, training=True)["logits"] for half in np.split(images, 2)]
    same_logits = np.allclose(together, np.concatenate(halves), rtol=1e-4, atol=1e-5)
    same_state = all(np.array_equal(*pair) for pair in zip(discriminator.variables, before, strict=True))
    assert (same_logits, same_state) == (discriminator.samplewise,) * 2 == (not batch_norm,) * 2


def test_kaiming_values():
    """The variance is 2 / fan_in (He et al.), and fan_in of a transposed convolution is as in Keras and PyTorch."""
    for network, shape in (
        (DCGANGenerator(base_channels=128, latent_dim=64, kernel_init="kaiming"), (None, 64)),
        (DCGANDiscriminator(base_channels=128, kernel_init="kaiming"), (None, 28, 28, 3)),
    ):
        network.build(shape)
        kernels = [variable.numpy() for variable in network.variables if variable.name == "kernel"]
        assert len(kernels) == 5 - isinstance(network, DCGANDiscriminator)
        for kernel in kernels:
            error = 5 / np.sqrt(2 * kernel.size)  # five standard deviations of a sample's standard deviation
            assert kernel.std() == pytest.approx(np.sqrt(2 / np.prod(kernel.shape[:-1])), rel=error)
        starts = np.corrcoef([kernel.ravel()[:128] for kernel in kernels])
        assert np.abs(starts - np.eye(len(kernels))).max() < 0.5, "layers have values of their own"
        assert not any(variable.numpy().any() for variable in network.variables if variable.name == "bias")


def test_saving_without_batch_norm(tmp_path):
    discriminator = DCGANDiscriminator(batch_norm=False, kernel_init="kaiming")
    logits = discriminator(random_images(28))["logits"]
    discriminator.save(tmp_path / "discriminator.keras")
    loaded = keras.models.load_model(tmp_path / "discriminator.keras")
    assert loaded.samplewise
    np.testing.assert_array_equal(loaded(random_images(28))["logits"], logits)


@pytest.mark.parametrize("network", [DCGANGenerator, DCGANDiscriminator])
def test_unknown_initial_values(network):
    with pytest.raises(InputError, match="`kernel_init` must be one of dcgan, kaiming. Received: he"):
        network(kernel_init="he")


@pytest.mark.parametrize(("network", "factor"), [(DCGANGenerator, 8), (DCGANDiscriminator, 4)])
def test_refused(network, factor):
    with pytest.raises(InputError, match="`image_size` must be at least 8 for a DCGAN. Received: 7"):
        network(7)
    for width in (0, -8, 2 * factor + 2):
        message = f"`base_channels` must be a multiple of {factor} for a DCGAN. Received: {width}"
        with pytest.raises(InputError, match=message):
            network(base_channels=width)
