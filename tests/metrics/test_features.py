from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.data.digits import load_digits
from tf_infomax.errors import InputError
from tf_infomax.metrics import DigitFeatures, InceptionFeatures, feature_extractor
from tf_infomax.metrics.features import joint_log_probabilities


class FakeInception(tf.Module):
    """Reports the mean colour and the size of the images it is shown in place of Inception's outputs."""

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def __call__(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
        colour = tf.reduce_mean(images, axis=[1, 2])  # (B, 3)
        return {"pool_3": colour[:, None, None, :], "logits": tf.pad(colour, [[0, 0], [0, 2]])}


class WrongOutputs(tf.Module):
    """A SavedModel that is not Inception."""

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def __call__(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"logits": tf.reduce_mean(images, axis=[1, 2])}


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


def test_inception_sees_resized_images_in_its_range(tmp_path: Path) -> None:
    tf.saved_model.save(FakeInception(), str(tmp_path))
    images = np.zeros((5, 16, 20, 3), np.uint8)
    images[1:, ..., 0] = 255
    features = InceptionFeatures(tmp_path, batch_size=2)(images)
    expected = np.array([[-1, -1, -1]] + [[1, -1, -1]] * 4, np.float32)
    np.testing.assert_allclose(features.activations, expected, atol=1e-5)
    assert features.logits.shape == (5, 5)
    with pytest.raises(InputError, match="expected images of 3 channels"):
        feature_extractor(str(tmp_path))(images[..., :1])


def test_a_saved_model_without_inceptions_outputs_is_named(tmp_path: Path) -> None:
    tf.saved_model.save(WrongOutputs(), str(tmp_path))
    with pytest.raises(InputError, match="'pool_3' and 'logits'. Received: \\['logits'\\]"):
        InceptionFeatures(tmp_path)(np.zeros((1, 8, 8, 3), np.uint8))


def test_a_folder_without_a_saved_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot load Inception from .* local copy"):
        feature_extractor(str(tmp_path))


def test_without_a_network_inception_asks_for_a_local_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: str) -> None:
        raise OSError(f"cannot reach {handle}")

    monkeypatch.setattr(compat.tensorflow_hub(), "load", fail)
    with pytest.raises(InputError, match="give the folder of a local copy of the SavedModel https://"):
        InceptionFeatures()


def test_extractors_are_picked_by_name() -> None:
    assert isinstance(feature_extractor("digits"), DigitFeatures)
    with pytest.raises(InputError, match="digits, inception, or the folder .* Received: 'lpips'"):
        feature_extractor("lpips")


def test_an_extractor_is_loaded_once() -> None:
    assert feature_extractor("digits") is feature_extractor("digits")
