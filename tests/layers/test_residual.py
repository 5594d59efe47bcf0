import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.layers import DiscriminatorBlock, GeneratorBlock, InputDiscriminatorBlock, SpectralNormalization
from tf_infomax.layers.residual import average_pool, upsample

SHAPE = (2, 6, 4, 3)


@pytest.fixture
def inputs() -> tf.Tensor:
    return tf.constant(np.random.default_rng(0).normal(size=SHAPE).astype(np.float32))


def textbook(layer: SpectralNormalization, inputs: tf.Tensor) -> tf.Tensor:
    """The plain convolution with a layer's normalised kernel, whether or not the layer pools."""
    outputs = tf.nn.conv2d(inputs, layer.layer.kernel.value / layer.sigma(), 1, "SAME")
    return outputs + layer.layer.bias.value


def assert_close(value, expected) -> None:
    np.testing.assert_allclose(value, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "block, expected",
    [
        (GeneratorBlock(3, 5), (2, 12, 8, 5)),
        (GeneratorBlock(3, 3), (2, 12, 8, 3)),
        (DiscriminatorBlock(3, 5), (2, 6, 4, 5)),
        (DiscriminatorBlock(3, 3, hidden_channels=7), (2, 6, 4, 3)),
        (DiscriminatorBlock(3, 5, downsample=True), (2, 3, 2, 5)),
        (InputDiscriminatorBlock(3, 5), (2, 3, 2, 5)),
    ],
)
def test_shapes(block, expected, inputs):
    assert block(inputs, training=True).shape == expected
    assert block.compute_output_shape(SHAPE) == expected
    assert block.compute_output_shape((None, *SHAPE[1:])) == (None, *expected[1:])


def test_hidden_channels():
    assert DiscriminatorBlock(3, 5).conv1.layer.filters == 3
    assert DiscriminatorBlock(3, 5, hidden_channels=7).conv1.layer.filters == 7
    assert InputDiscriminatorBlock(3, 5).conv1.layer.filters == 5
    assert GeneratorBlock(3, 5).conv1.filters == 5


def test_generator_block_is_the_textbook_block(inputs):
    block = GeneratorBlock(3, 5)
    block.build(SHAPE)
    hidden = block.conv1(upsample(tf.nn.relu(block.norm1(inputs))))
    hidden = block.conv2(tf.nn.relu(block.norm2(hidden)))
    assert_close(block(inputs), hidden + block.shortcut(upsample(inputs)))


def test_conditional_generator_block(inputs):
    block = GeneratorBlock(3, 5, num_classes=4)
    block.build(SHAPE)
    labels = tf.constant([3, 1])
    hidden = block.conv1(upsample(tf.nn.relu(block.norm1(inputs, labels))))
    hidden = block.conv2(tf.nn.relu(block.norm2(hidden, labels)))
    assert_close(block(inputs, labels), hidden + block.shortcut(upsample(inputs)))
    assert np.any(block(inputs, labels) != block(inputs, labels[::-1]))


@pytest.mark.parametrize("block", [DiscriminatorBlock, InputDiscriminatorBlock])
def test_without_spectral_norm_kernels_act_as_they_are(block, inputs):
    normalised, plain = block(3, 5), block(3, 5, spectral_norm=False)
    normalised(inputs, training=True)
    plain.build(SHAPE)
    assert plain.non_trainable_variables == []
    for name in ("conv1", "conv2", "shortcut"):
        layer = getattr(normalised, name)
        getattr(plain, name).set_weights([layer.normalised_kernel(), layer.layer.bias])
    for training in (True, False):
        assert_close(plain(inputs, training=training), normalised(inputs))


@pytest.mark.parametrize("activate_shortcut", [True, False])
def test_discriminator_block_is_the_textbook_block(activate_shortcut, inputs):
    block = DiscriminatorBlock(3, 5, downsample=True, activate_shortcut=activate_shortcut)
    block(inputs, training=True)  # moves sigma off its random start, which may be near zero
    hidden = textbook(block.conv2, tf.nn.relu(textbook(block.conv1, tf.nn.relu(inputs))))
    shortcut = textbook(block.shortcut, tf.nn.relu(inputs) if activate_shortcut else inputs)
    assert_close(block(inputs), average_pool(hidden) + average_pool(shortcut))


@pytest.mark.parametrize("activate_shortcut", [True, False])
def test_identity_shortcut(activate_shortcut, inputs):
    block = DiscriminatorBlock(3, 3, activate_shortcut=activate_shortcut)
    block(inputs, training=True)
    assert block.shortcut is None
    residual = textbook(block.conv2, tf.nn.relu(textbook(block.conv1, tf.nn.relu(inputs))))
    assert_close(block(inputs) - residual, tf.nn.relu(inputs) if activate_shortcut else inputs)


def test_input_block_is_the_textbook_block(inputs):
    block = InputDiscriminatorBlock(3, 5)
    block(inputs, training=True)
    hidden = average_pool(textbook(block.conv2, tf.nn.relu(textbook(block.conv1, inputs))))
    assert_close(block(inputs), hidden + average_pool(textbook(block.shortcut, inputs)))


def test_upsampling_has_half_pixel_centres():
    row = tf.reshape(tf.constant([0.0, 4.0]), [1, 1, 2, 1])
    np.testing.assert_allclose(tf.reshape(upsample(row)[0, 0], [-1]), [0.0, 1.0, 3.0, 4.0])


def test_average_pooling():
    image = tf.reshape(tf.range(8.0), [1, 2, 4, 1])
    np.testing.assert_allclose(tf.reshape(average_pool(image), [-1]), [2.5, 4.5])


@pytest.mark.parametrize(
    "block", [GeneratorBlock, DiscriminatorBlock, InputDiscriminatorBlock], ids=lambda block: block.__name__
)
def test_mixed_precision(block, inputs):
    block = block(3, 4, dtype="mixed_bfloat16")
    assert block(inputs, training=True).dtype == tf.bfloat16
    assert {variable.dtype for variable in block.variables} == {"float32"}
