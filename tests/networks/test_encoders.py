"""Sizes of encoders from the papers' tables, and receptive fields."""

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.networks import ConvolutionalEncoder, StridedCropEncoder

SHAPES = {  # local_features, conv, fc
    ("dcgan", 28): ((7, 7, 128), (7, 7, 128), 1024),
    ("dcgan", 32): ((8, 8, 128), (4, 4, 256), 1024),
    ("dcgan", 64): ((8, 8, 256), (4, 4, 512), 1024),
    ("alexnet", 64): ((15, 15, 384), (7, 7, 192), 4096),
}


@pytest.mark.parametrize("architecture, image_size", SHAPES)
def test_shapes(architecture, image_size):
    fc_units = 32  # the papers' number in one case below: 4096 units cost seconds
    encoder = ConvolutionalEncoder(image_size, architecture=architecture, fc_units=fc_units)
    features = encoder(tf.zeros([2, image_size, image_size, 3]))
    local, conv, _ = SHAPES[architecture, image_size]
    shapes = {name: tuple(feature.shape) for name, feature in features.items()}
    assert shapes == {"local_features": (2, *local), "conv": (2, *conv), "fc": (2, fc_units), "output": (2, 64)}


@pytest.mark.parametrize("architecture, image_size", SHAPES)
def test_units_of_the_papers(architecture, image_size):
    assert ConvolutionalEncoder(image_size, architecture=architecture).fc_units == SHAPES[architecture, image_size][2]


def test_number_of_parameters_of_table_1():
    encoder = ConvolutionalEncoder(32)
    encoder(tf.zeros([1, 32, 32, 3]))
    convolutions = sum(16 * before * after for before, after in ((3, 64), (64, 128), (128, 256)))
    norms = 2 * (64 + 128 + 256 + 1024)
    linear = 4 * 4 * 256 * 1024 + (1024 + 1) * 64
    assert sum(int(np.prod(v.shape)) for v in encoder.trainable_variables) == convolutions + norms + linear


def test_padding_is_even():
    encoder = ConvolutionalEncoder(28, base_channels=4, fc_units=8, num_channels=1)
    images = np.random.default_rng(0).normal(size=(1, 28, 28, 1)).astype(np.float32)
    padded = encoder.blocks[0].pad(images)
    assert padded.shape == (1, 32, 32, 1)
    np.testing.assert_array_equal(padded[:, 2:-2, 2:-2], images)


def test_hidden_layers_are_normalised_and_rectified():
    encoder = ConvolutionalEncoder(28, base_channels=8, fc_units=16, num_channels=1)
    images = 3.0 + np.random.default_rng(0).normal(size=(64, 28, 28, 1)).astype(np.float32)
    features = encoder(images, training=True)
    for name in ("local_features", "fc"):
        values = features[name].numpy()
        assert values.min() == 0.0
        # A rectified standard normal number has the mean 1 / sqrt(2 pi) = 0.4.
        assert values.mean() == pytest.approx(0.4, abs=0.1)
    assert features["output"].numpy().min() < 0.0


def test_a_location_depends_on_its_own_crop_alone():
    encoder = StridedCropEncoder(32, base_channels=4, local_units=8, fc_units=8, num_channels=1)
    images = np.random.default_rng(0).normal(size=(1, 32, 32, 1)).astype(np.float32)
    changed = images.copy()
    changed[0, 13, 22, 0] += 5.0  # rows 8-15 and 12-19, columns 16-23 and 20-27
    before, after = (encoder(batch)["local_features"].numpy()[0] for batch in (images, changed))
    differs = np.argwhere(np.abs(before - after).max(axis=-1) > 0)
    assert before.shape == (7, 7, 8)
    np.testing.assert_array_equal(differs, [[2, 4], [2, 5], [3, 4], [3, 5]])


def test_all_locations_and_a_block_of_them_are_summarised():
    encoder = StridedCropEncoder(32, base_channels=4, local_units=8, fc_units=8)
    features = encoder(tf.random.normal([3, 32, 32, 3], seed=0))
    summary = encoder.summarise(features["local_features"])
    np.testing.assert_allclose(summary["output"], features["output"], rtol=1e-5)
    assert encoder.summarise(features["local_features"][:, 2:5, 1:4])["output"].shape == (3, 64)


def test_larger_images_are_no_more_rows():
    encoder = ConvolutionalEncoder(32, base_channels=4, fc_units=8, num_channels=1)
    encoder(tf.zeros([1, 32, 32, 1]))
    with pytest.raises(tf.errors.InvalidArgumentError):
        encoder(tf.zeros([4, 64, 64, 1]))


def test_frozen_networks_keep_their_statistics():
    encoder = ConvolutionalEncoder(28, base_channels=4, fc_units=8, num_channels=1)
    images = np.random.default_rng(0).normal(size=(8, 28, 28, 1)).astype(np.float32)
    expected = encoder(images)["output"].numpy()
    encoder.trainable = False
    before = encoder.get_weights()
    np.testing.assert_array_equal(encoder(images, training=True)["output"], expected)
    for value, kept in zip(encoder.get_weights(), before, strict=True):
        np.testing.assert_array_equal(value, kept)


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: ConvolutionalEncoder(48), "must be one of 28, 32, 64. Received: 48"),
        (lambda: ConvolutionalEncoder(64, architecture="vgg"), "must be one of dcgan, alexnet. Received: vgg"),
        (lambda: ConvolutionalEncoder(32, output_dim=0), "`output_dim` must be at least 1. Received: 0"),
        (lambda: StridedCropEncoder(36), "multiple of 8 and at least 32. Received: 36"),
    ],
)
def test_bad_arguments(build, message):
    with pytest.raises(InputError, match=message):
        build()
