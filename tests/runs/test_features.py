"""Options of features, on their way to the extractor."""

import dataclasses
from pathlib import Path

import keras
import pytest

from tf_infomax import data
from tf_infomax.errors import InputError
from tf_infomax.metrics import ImageSuite, PointSuite
from tf_infomax.runs.features import suite_of
from tf_infomax.runs.options import FeatureOptions

PHOTOGRAPHS = dataclasses.replace(data.load_source("digits", split="test", image_size=28), name="photographs")


def test_every_option_reaches_the_extractor(tmp_path: Path) -> None:
    images = keras.Input((8, 8, 3))
    pooled = keras.layers.GlobalMaxPooling2D(name="pooled")(images)
    keras.Model(images, keras.layers.Dense(4, name="classes")(pooled)).save(tmp_path / "net.keras")
    options = FeatureOptions(
        features=str(tmp_path / "net.keras"),
        feature_output="pooled",
        logit_output="classes",
        feature_name="mine",
        resize="bilinear",
    )
    suite = suite_of(PHOTOGRAPHS, options)
    assert isinstance(suite, ImageSuite)
    assert (suite.feature_name, suite.extractor.resize, suite.extractor.width) == ("mine", "bilinear", 3)
    assert "pooled and classes" in suite.extractor.definition
    without = dataclasses.replace(options, logit_output="none")
    assert not suite_of(PHOTOGRAPHS, without).has_logits


def test_features_are_forced() -> None:
    options = FeatureOptions(features="digits")
    with pytest.raises(InputError, match="--force-features"):
        suite_of(PHOTOGRAPHS, options)
    assert suite_of(PHOTOGRAPHS, dataclasses.replace(options, force_features=True)).feature_name == "digits"


def test_points_need_no_options() -> None:
    ring = data.load_source("ring", split="test", image_size=None)
    assert isinstance(suite_of(ring, FeatureOptions()), PointSuite)
