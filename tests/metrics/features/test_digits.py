import hashlib

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.data.digits import load_digits
from tf_infomax.errors import InputError
from tf_infomax.metrics import DigitFeatures
from tf_infomax.metrics.digit_classifier import WEIGHTS_PATH
from tf_infomax.metrics.features.digits import joint_log_probabilities


@pytest.fixture(scope="module")
def digits() -> DigitFeatures:
    return DigitFeatures(batch_size=40)


@pytest.fixture(scope="module")
def held_out() -> tuple[np.ndarray, np.ndarray]:
    return load_digits("test")


def stack(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Images of three digits and the digits of their channels, (N, 3)."""
    triples = np.random.default_rng(0).integers(len(labels), size=(100, 3))
    return np.moveaxis(images[triples], 1, -1), labels[triples]


def test_grey_digits_have_ten_classes(digits: DigitFeatures, held_out: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = held_out
    features = digits(images[:100, ..., None])
    assert features.activations.shape == (100, 64)
    assert features.logits.shape == (100, 10)
    assert features.activations.dtype == features.logits.dtype == np.float32
    assert np.mean(features.modes == labels[:100]) >= 0.95


def test_stacked_digits_have_a_class_for_each_triple(
    digits: DigitFeatures, held_out: tuple[np.ndarray, np.ndarray]
) -> None:
    images, triples = stack(*held_out)
    features = digits(images)
    assert features.activations.shape == (100, 192)
    assert features.logits.shape == (100, 1000)
    assert np.mean(features.modes == triples @ [100, 10, 1]) >= 0.93
    np.testing.assert_allclose(np.exp(features.logits).sum(axis=1), 1.0, rtol=1e-4)


def test_channels_are_read_in_order(digits: DigitFeatures, held_out: tuple[np.ndarray, np.ndarray]) -> None:
    images, _ = stack(*held_out)
    features = digits(images)
    for channel in range(3):
        alone = digits(images[..., channel : channel + 1])
        part = features.activations[:, 64 * channel : 64 * (channel + 1)]
        np.testing.assert_allclose(part, alone.activations, rtol=1e-4, atol=1e-4)


def test_padding_to_32_pixels_changes_nothing(digits: DigitFeatures, held_out: tuple[np.ndarray, np.ndarray]) -> None:
    images, _ = stack(*held_out)
    padded = np.pad(images, [(0, 0), (2, 2), (2, 2), (0, 0)])
    np.testing.assert_array_equal(digits(padded).activations, digits(images).activations)


@pytest.mark.parametrize("size", [28, 32])
def test_activations_with_gradients_are_the_same(
    size: int, digits: DigitFeatures, held_out: tuple[np.ndarray, np.ndarray]
) -> None:
    images, _ = stack(*held_out)
    images = np.pad(images[:5], [(0, 0), *[((size - 28) // 2,) * 2] * 2, (0, 0)])
    levels = tf.constant(images, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(levels)
        activations = digits.activations(levels)
    np.testing.assert_allclose(activations, digits(images).activations, rtol=1e-4, atol=1e-4)
    gradient = tape.gradient(activations, levels)
    assert np.all(np.any(gradient, axis=(1, 2, 3)))


def test_the_batch_size_changes_nothing(digits: DigitFeatures, held_out: tuple[np.ndarray, np.ndarray]) -> None:
    images = held_out[0][:90, ..., None]
    np.testing.assert_allclose(DigitFeatures(batch_size=7)(images).logits, digits(images).logits, rtol=1e-3, atol=1e-3)


def test_joint_log_probabilities_are_sums_over_channels() -> None:
    channels = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    joint = joint_log_probabilities(channels)
    a, b, c = channels[:, 0], channels[:, 1], channels[:, 2]
    expected = (a[:, :, None, None] + b[:, None, :, None] + c[:, None, None, :]).reshape(2, 64)
    np.testing.assert_allclose(joint, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((2, 28, 28, 1), np.float32), r"expected uint8 images \(N, H, W, C\). Received: float32"),
        (np.zeros((2, 28, 28), np.uint8), r"Received: uint8 of shape \(2, 28, 28\)"),
        (np.zeros((0, 28, 28, 1), np.uint8), r"shape \(0, 28, 28, 1\)"),
        (np.zeros((2, 28, 28, 2), np.uint8), "expected images of 1 or 3 channels"),
        (np.zeros((2, 30, 30, 1), np.uint8), "28x28 or 32x32 pixels. Received: 30x30"),
        (np.zeros((2, 28, 32, 1), np.uint8), "Received: 28x32"),
    ],
)
def test_wrong_digits_are_named(digits: DigitFeatures, images: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        digits(images)


def test_the_digest_is_that_of_the_shipped_weights(digits: DigitFeatures) -> None:
    assert digits.sha256 == hashlib.sha256(WEIGHTS_PATH.read_bytes()).hexdigest()
