"""SavedModels of a user's own."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.metrics.features.networks import Inverse, SignatureOnly, colour_network, in_range, plain_images, save
from tf_infomax.errors import InputError
from tf_infomax.metrics import NetworkFeatures

COLOURS = np.array([(0, 0, 0), (255, 0, 51), (102, 204, 255)], np.uint8)
IMAGES = plain_images(*COLOURS)


def test_a_network_sees_images_of_its_size_in_its_range(tmp_path: Path) -> None:
    features = NetworkFeatures(save(colour_network(), tmp_path / "net"), batch_size=2)
    activations, logits = features(IMAGES)
    np.testing.assert_allclose(activations, in_range(COLOURS), atol=1e-6)
    np.testing.assert_array_equal(logits, np.pad(activations, [(0, 0), (0, 2)]))
    assert activations.dtype == logits.dtype == np.float32
    assert (features.resize, features.width, features.has_logits) == ("bicubic-antialias", 3, True)
    assert "8x8" in features.definition and "pool_3 and logits" in features.definition


def test_activations_with_gradients_are_the_same(tmp_path: Path) -> None:
    features = NetworkFeatures(save(colour_network(), tmp_path / "net"))
    levels = tf.constant(IMAGES, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(levels)
        activations = features.activations(levels)
    np.testing.assert_allclose(activations, features(IMAGES).activations, atol=1e-6)
    assert np.all(np.any(tape.gradient(activations, levels), axis=(1, 2, 3)))


def test_a_network_of_grey_levels_has_no_gradients(tmp_path: Path) -> None:
    features = NetworkFeatures(save(colour_network(dtype=tf.uint8), tmp_path / "net"))
    with pytest.raises(InputError, match="expected features with gradients. Received: net"):
        features.activations(tf.constant(IMAGES, tf.float32))


def test_a_network_of_any_size_gets_images_as_they_are(tmp_path: Path) -> None:
    features = NetworkFeatures(save(colour_network(size=None), tmp_path / "net"))
    for size in (5, 9):
        np.testing.assert_allclose(
            features(plain_images(*COLOURS, size=size)).activations, in_range(COLOURS), atol=1e-6
        )
    assert features.resize == "native"


def test_a_network_of_grey_levels_gets_them_rounded(tmp_path: Path) -> None:
    folder = save(colour_network(dtype=tf.uint8, size=1), tmp_path / "net")
    np.testing.assert_array_equal(NetworkFeatures(folder)(IMAGES).activations, COLOURS)
    halves = np.array([[[[1, 1, 1]], [[2, 2, 2]]]], np.uint8)  # mean 1.5
    np.testing.assert_array_equal(NetworkFeatures(folder, resize="bilinear")(halves).activations, [[2, 2, 2]])


def test_without_resizing_images_must_have_the_networks_size(tmp_path: Path) -> None:
    features = NetworkFeatures(save(colour_network(), tmp_path / "net"), resize="native")
    assert len(features(plain_images(*COLOURS, size=8)).activations) == 3
    with pytest.raises(InputError, match=r"the network's size, \(8, 8\). Received: \(6, 6\)"):
        features(IMAGES)


def test_a_signature_serves_as_well(tmp_path: Path) -> None:
    network = SignatureOnly()
    folder = save(network, tmp_path / "net", signatures={"serving_default": network.serve})
    features = NetworkFeatures(folder, feature_output="embedding", logit_output="none")
    extracted = features(IMAGES)
    np.testing.assert_allclose(extracted.activations, 2.0 * in_range(COLOURS), atol=1e-6)
    assert extracted.logits is None and not features.has_logits


def test_a_keras_model_exported_for_serving(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.GlobalAveragePooling2D()])
    model.export(tmp_path / "net", verbose=False)
    features = NetworkFeatures(tmp_path / "net", feature_output="output_0", logit_output="none")
    np.testing.assert_allclose(features(IMAGES).activations, in_range(COLOURS), atol=1e-6)


def test_two_replicas_equal_one_device(tmp_path: Path, two_replicas: tf.distribute.Strategy) -> None:
    network = SignatureOnly()
    folders = {
        save(colour_network(scale=3.0), tmp_path / "callable"): {},
        save(network, tmp_path / "signature", signatures={"serving_default": network.serve}): {
            "feature_output": "embedding",
            "logit_output": "embedding",
        },
    }
    for folder, outputs in folders.items():
        with two_replicas.scope():
            replicated = NetworkFeatures(folder, **outputs, batch_size=2)
        for extracted, expected in zip(replicated(IMAGES), NetworkFeatures(folder, **outputs)(IMAGES)):
            np.testing.assert_allclose(extracted, expected, rtol=1e-6)


def test_other_outputs_are_named(tmp_path: Path) -> None:
    folder = save(colour_network(), tmp_path / "net")
    with pytest.raises(InputError, match="the outputs embedding and logits .* with logits, pool_3$"):
        NetworkFeatures(folder, feature_output="embedding")


def test_features_that_are_not_finite_are_counted(tmp_path: Path) -> None:
    features = NetworkFeatures(save(Inverse(), tmp_path / "net"), batch_size=2)
    assert features(IMAGES[2:]).activations.shape == (1, 3)
    with pytest.raises(InputError, match="2 of 3 images have activations that are not finite"):
        features(IMAGES)


def test_a_network_of_colour_refuses_images_of_two_channels(tmp_path: Path) -> None:
    features = NetworkFeatures(save(colour_network(), tmp_path / "net"))
    with pytest.raises(InputError, match="channels"):
        features(IMAGES[..., :2])


@pytest.mark.parametrize(
    ("shape", "dtype", "message"),
    [
        ([None, 10], tf.float32, "expected a network of batches of images"),
        ([7, 4, 4, 3], tf.float32, "expected a network of batches of images"),
        ([None, 4, 4, 3], tf.int32, "expected a network of uint8 or floating-point images. Received: one of int32"),
    ],
)
def test_a_network_of_something_else(shape: list[int], dtype: tf.DType, message: str, tmp_path: Path) -> None:
    class Network(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec(shape, dtype)])
        def __call__(self, inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            return {"pool_3": inputs, "logits": inputs}

    with pytest.raises(InputError, match=message):
        NetworkFeatures(save(Network(), tmp_path / "net"))


def test_a_damaged_network_is_named(tmp_path: Path) -> None:
    folder = save(colour_network(), tmp_path / "net")
    (folder / "saved_model.pb").write_bytes(b"no protocol buffer")
    with pytest.raises(InputError, match="cannot load the SavedModel .*net"):
        NetworkFeatures(folder)
