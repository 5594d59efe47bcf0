"""The choice of an extractor, its options, and what is loaded once."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.metrics.features.networks import colour_network, keras_colours, plain_images, save
from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    FEATURE_EXTRACTORS,
    DigitFeatures,
    ExtractedFeatures,
    FeatureExtractor,
    InceptionFeatures,
    NetworkFeatures,
    feature_extractor,
)

IMAGES = plain_images((255, 0, 51), (102, 204, 255))


class Brightness(FeatureExtractor):
    """A row of one's own."""

    name = "brightness"
    definition = "mean grey level"
    sha256 = ""
    has_logits = False

    def __init__(self, *, resize: str = "native") -> None:
        self.resize = resize

    def __call__(self, images: np.ndarray) -> ExtractedFeatures:
        return ExtractedFeatures(images.mean(axis=(1, 2), dtype=np.float32), None)


def test_a_name_or_a_path_stands_for_an_extractor(tmp_path: Path) -> None:
    folder = save(colour_network(size=299), tmp_path / "net")
    assert isinstance(feature_extractor("digits"), DigitFeatures)
    assert isinstance(feature_extractor(f"inception:{folder}"), InceptionFeatures)
    assert isinstance(feature_extractor(str(folder)), NetworkFeatures)
    assert isinstance(feature_extractor(str(keras_colours(tmp_path / "net.keras"))), NetworkFeatures)


def test_a_bare_path_is_no_inception(tmp_path: Path) -> None:
    assert feature_extractor(str(save(colour_network(size=299), tmp_path / "net"))).name == "net"


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ("lpips", "expected features digits, inception, keras:NAME, or the path of .* Received: 'lpips'"),
        ("keras", "expected features keras:NAME. Received: 'keras'"),
        ("keras:Mobile", "keras.applications: MobileNet.* Received: 'Mobile'"),
        ("digits:28", "expected features digits. Received: 'digits:28'"),
        ("inception:nowhere", "Received: '.*nowhere'"),
    ],
)
def test_what_stands_for_nothing_is_named(features: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        feature_extractor(features)


def test_options_reach_the_network(tmp_path: Path) -> None:
    path = str(keras_colours(tmp_path / "net.keras"))
    options = {"name": "mine", "resize": "bilinear", "feature_output": "classes", "logit_output": "none"}
    features = feature_extractor(path, **options)
    assert (features.name, features.resize, features.has_logits) == ("mine", "bilinear", False)
    assert "classes of images" in features.definition


@pytest.mark.parametrize(
    ("features", "option", "flag"),
    [
        ("digits", "resize", "--resize"),
        ("digits", "feature_output", "--feature-output"),
        ("inception", "logit_output", "--logit-output"),
        ("inception", "name", "--feature-name"),
    ],
)
def test_options_that_do_not_apply_are_refused(features: str, option: str, flag: str) -> None:
    with pytest.raises(InputError, match=rf"`{option}` \({flag}\) does not apply to features {features}. Received: x"):
        feature_extractor(features, **{option: "x"})


def test_a_row_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FEATURE_EXTRACTORS, "brightness", Brightness)
    features = feature_extractor("brightness", resize="bilinear")
    assert (features.name, features.resize) == ("brightness", "bilinear")
    assert features is feature_extractor("brightness", resize="bilinear")
    with pytest.raises(InputError, match="`name` .* does not apply to features brightness"):
        feature_extractor("brightness", name="x")


def test_an_extractor_is_loaded_once_for_its_arguments(tmp_path: Path) -> None:
    path = str(keras_colours(tmp_path / "net.keras"))
    features = feature_extractor(path)
    assert features is feature_extractor(path)
    assert features is not feature_extractor(path, resize="bilinear")
    assert feature_extractor("digits") is feature_extractor("digits")


def test_a_network_that_is_replaced_is_loaded_again(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    before = feature_extractor(str(save(colour_network(scale=1.0), folder)))
    old = before(IMAGES).activations
    after = feature_extractor(str(save(colour_network(scale=2.0), folder)))
    np.testing.assert_allclose(after(IMAGES).activations, 2.0 * old, rtol=1e-6)
    assert before.sha256 != after.sha256


def test_a_strategy_has_extractors_of_its_own(two_replicas: tf.distribute.Strategy) -> None:
    images = np.random.default_rng(0).integers(0, 256, size=(7, 28, 28, 3), dtype=np.uint8)
    with two_replicas.scope():
        replicated = feature_extractor("digits")
        assert replicated is feature_extractor("digits")
    alone = feature_extractor("digits")
    assert alone is not replicated
    for extracted, expected in zip(replicated(images), alone(images)):
        np.testing.assert_allclose(extracted, expected, rtol=1e-4, atol=1e-4)


def test_a_relative_path_is_of_the_folder_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        keras_colours(tmp_path / name / "net.keras")
    found = []
    for name in ("one", "two"):
        monkeypatch.chdir(tmp_path / name)
        found.append(feature_extractor("net.keras"))
        assert feature_extractor("net.keras") is found[-1]
    assert [extractor.path.parent.name for extractor in found] == ["one", "two"]
