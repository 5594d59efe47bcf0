"""Classifiers of keras.applications, with random weights."""

import inspect
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics import RESIZES, KerasFeatures
from tf_infomax.metrics.features.applications import applications
from tf_infomax.metrics.features.digests import digest_of_weights

IMAGES = np.random.default_rng(0).integers(0, 256, size=(3, 32, 32, 3), dtype=np.uint8)


def preprocess_input(images: tf.Tensor) -> tf.Tensor:
    """That of `small_net`, as the module of a network of keras.applications has one."""
    return images / 255.0


def small_net(*, weights: str | None, classifier_activation: str | None) -> keras.Model:
    """Has the parts of a network of keras.applications."""
    images = keras.Input((16, 16, 3))
    x = keras.layers.Conv2D(4, 3, name="convolution")(images)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, keras.layers.Dense(5, activation=classifier_activation, name="predictions")(x))


@pytest.fixture(autouse=True)
def _small_net(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.applications, "SmallNet", small_net, raising=False)


def random_features(application: str = "SmallNet", **options: Any) -> KerasFeatures:
    """Random weights, the same at each call."""
    keras.utils.set_random_seed(0)
    return KerasFeatures(application, weights=None, **options)


def test_every_application_has_its_preprocessing() -> None:
    assert {"MobileNetV3Small", "ResNet50", "VGG16", "ConvNeXtTiny"} <= applications().keys()
    for build in applications().values():
        assert callable(inspect.getmodule(build).preprocess_input)
        assert "classifier_activation" in inspect.signature(build).parameters


def test_features_and_logits_are_those_of_the_classifier() -> None:
    features = random_features("MobileNet")
    keras.utils.set_random_seed(0)
    classifier = keras.applications.MobileNet(weights=None)
    assert features.sha256 == digest_of_weights(classifier)
    resized = RESIZES["bicubic-antialias"].resize(tf.constant(IMAGES, tf.float32), (224, 224))
    probabilities = classifier(keras.applications.mobilenet.preprocess_input(resized.numpy()), training=False)
    activations, logits = features(IMAGES)
    np.testing.assert_allclose(tf.nn.softmax(logits), probabilities, rtol=1e-4)
    kernel, bias = classifier.get_layer("conv_preds").get_weights()
    np.testing.assert_allclose(activations @ kernel[0, 0] + bias, logits, rtol=1e-3, atol=1e-5)
    assert (features.name, features.width, features.size) == ("keras:MobileNet", 1024, (224, 224))
    assert features.resize == "bicubic-antialias"
    assert "random weights: global_average_pooling2d and predictions of images resized to 224x" in features.definition


def test_other_layers() -> None:
    features = random_features(feature_output="convolution", logit_output="none", name="map", resize="bilinear")
    activations, logits = features(IMAGES)
    assert (features.name, features.resize, features.width, logits) == ("map", "bilinear", 14 * 14 * 4, None)
    pooled = random_features(resize="bilinear")(IMAGES).activations
    np.testing.assert_allclose(activations.reshape(3, 196, 4).mean(axis=1), pooled, rtol=1e-4, atol=1e-6)
    with pytest.raises(InputError, match="Received: 'convolutions'; it has convolution"):
        random_features(feature_output="convolutions")


def test_two_replicas_equal_one_device(two_replicas: tf.distribute.Strategy) -> None:
    alone = random_features()
    with two_replicas.scope():
        replicated = random_features()
    assert replicated.sha256 == alone.sha256
    for extracted, expected in zip(replicated(IMAGES), alone(IMAGES)):
        np.testing.assert_allclose(extracted, expected, rtol=1e-5, atol=1e-6)


def test_the_precision_of_training_does_not_matter() -> None:
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        features = random_features()
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")
    np.testing.assert_array_equal(features(IMAGES).activations, random_features()(IMAGES).activations)


def test_similar_names_are_listed() -> None:
    with pytest.raises(InputError, match="keras:NAME .*: MobileNetV2, .* Received: 'mobilenet-v2'"):
        KerasFeatures("mobilenet-v2")


def test_names_of_shipped_networks_are_taken() -> None:
    with pytest.raises(InputError, match="must not be that of a shipped one. Received: 'inception'"):
        random_features(name="inception")


def test_without_a_network_the_weights_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(**options: Any) -> None:
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.applications, "MobileNet", build)
    with pytest.raises(InputError, match='weights of MobileNet .* run python -c "import keras; .*MobileNet'):
        KerasFeatures("MobileNet")
