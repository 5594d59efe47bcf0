"""Keras models of a user's own."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.metrics.features.networks import in_range, keras_colours, plain_images
from tf_infomax.errors import InputError
from tf_infomax.metrics import NetworkFeatures

COLOURS = np.array([(0, 0, 255), (255, 0, 51), (102, 204, 153)], np.uint8)
IMAGES = plain_images(*COLOURS)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keras_colours(tmp_path_factory.mktemp("keras") / "colours.keras")


def test_outputs_are_keys_of_the_dictionary(path: Path) -> None:
    features = NetworkFeatures(path)
    extracted = features(IMAGES)
    np.testing.assert_allclose(extracted.activations, in_range(COLOURS), atol=1e-6)
    np.testing.assert_array_equal(extracted.modes, COLOURS.argmax(axis=1))
    assert (features.name, features.resize, features.width) == ("colours", "bicubic-antialias", 3)


def test_outputs_are_layers(path: Path) -> None:
    by_layer = NetworkFeatures(path, feature_output="classes", logit_output="pooling")(IMAGES)
    by_key = NetworkFeatures(path)(IMAGES)
    np.testing.assert_array_equal(by_layer.activations, by_key.logits)
    np.testing.assert_array_equal(by_layer.logits, by_key.activations)


def test_layers_of_a_sequential_model(tmp_path: Path) -> None:
    layers = [keras.Input((None, None, 3)), keras.layers.GlobalMaxPooling2D(name="maximum"), keras.layers.Dense(2)]
    keras.Sequential(layers).save(tmp_path / "net.keras")
    features = NetworkFeatures(tmp_path / "net.keras", feature_output="maximum", logit_output="none")
    extracted = features(IMAGES)
    np.testing.assert_allclose(extracted.activations, in_range(COLOURS), atol=1e-6)
    assert extracted.logits is None and features.resize == "native"


def test_two_replicas_equal_one_device(path: Path, two_replicas: tf.distribute.Strategy) -> None:
    with two_replicas.scope():
        replicated = NetworkFeatures(path)
    for extracted, expected in zip(replicated(IMAGES), NetworkFeatures(path)(IMAGES)):
        np.testing.assert_allclose(extracted, expected, rtol=1e-6)


def test_other_outputs_are_named(path: Path) -> None:
    with pytest.raises(InputError, match="Received: 'polling'; it has .*pool_3.*pooling"):
        NetworkFeatures(path, feature_output="polling")


def test_a_model_of_two_inputs_is_refused(tmp_path: Path) -> None:
    inputs = [keras.Input((4, 4, 3)), keras.Input((4, 4, 3))]
    keras.Model(inputs, keras.layers.Add()(inputs)).save(tmp_path / "net.keras")
    with pytest.raises(InputError, match="Keras model of one input. Received: .*net.keras"):
        NetworkFeatures(tmp_path / "net.keras")


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "net.keras").write_bytes(b"no archive")
    with pytest.raises(InputError, match="cannot load the Keras model .*net.keras"):
        NetworkFeatures(tmp_path / "net.keras")
