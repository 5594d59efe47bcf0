"""Suites: their rows, shared quantities and choice."""

import dataclasses

import numpy as np
import pytest

from tf_infomax import data
from tf_infomax.data.point_source import source_from_points
from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    DEFAULT_FEATURES,
    FITTING_DATASETS,
    IMAGE_METRICS,
    POINT_METRICS,
    PROBABILITY_METRICS,
    TWO_SAMPLE_METRICS,
    DigitFeatures,
    ImageSuite,
    Measurement,
    Metric,
    PointSuite,
    default_features,
    evaluate_images,
    evaluate_points,
    feature_extractor,
    headings,
    suite_for,
)

RING = data.MIXTURES["ring"]
REAL, FAKE = (RING.sample(60, seed=seed)[0] for seed in (0, 1))


def digits(split: str, **kwargs) -> data.ImageSource:
    return data.load_source("digits", split=split, image_size=28, **kwargs)


def test_points_are_measured_by_all_rows():
    source = data.load_source("ring", split="test", image_size=None)
    suite = suite_for(source)
    assert (suite.feature_name, suite.default_size) == ("points", 2500)
    measured = suite.measure(REAL, FAKE)
    expected = evaluate_points(REAL, FAKE, means=RING.means, std=RING.std)
    assert {name: measurement.value for name, measurement in measured.items()} == expected
    assert {name: m.definition for name, m in measured.items()} == {n: m.definition for n, m in POINT_METRICS.items()}
    assert {measurement.std for measurement in measured.values()} == {None}


def test_images_are_measured_by_their_features():
    suite = suite_for(digits("test"))
    assert (suite.feature_name, suite.default_size) == ("digits", 10_000)
    real, fake = (digits("test").sample_real(50, seed) for seed in (0, 1))
    extractor = feature_extractor("digits")
    assert suite.measure(real, fake, seed=3) == evaluate_images(
        extractor(real), extractor(fake), extractor=extractor, seed=3
    )


def test_points_without_a_known_mixture_have_the_metrics_that_need_none():
    source = source_from_points(REAL, np.zeros(60, np.int64), name="own", split="train", num_classes=1)
    assert list(suite_for(source).measure(REAL, FAKE)) == list(TWO_SAMPLE_METRICS)


def test_features_of_points():
    source = data.load_source("ring", split="test", image_size=None)
    assert suite_for(source, "points") == suite_for(source)
    with pytest.raises(InputError, match="`features` are of images; ring has points. Received: digits"):
        suite_for(source, "digits")
    with pytest.raises(InputError, match="`features` are of images; ring has points. Received: resize bilinear"):
        suite_for(source, resize="bilinear")


def test_features_are_chosen_where_there_is_no_default(monkeypatch):
    source = dataclasses.replace(digits("test"), name="photographs")
    assert default_features("photographs") is None
    with pytest.raises(InputError, match="photographs needs a choice of features: .* digits, inception, keras:NAME"):
        suite_for(source)
    monkeypatch.setitem(DEFAULT_FEATURES, "photographs", "digits")
    suite = suite_for(source)
    assert isinstance(suite, ImageSuite) and isinstance(suite.extractor, DigitFeatures)


def test_features_must_fit_the_data_unless_forced(monkeypatch):
    source = dataclasses.replace(digits("test"), name="photographs")
    with pytest.raises(InputError, match=r"features digits are for .*\(--force-features\).* Received: photographs"):
        suite_for(source, "digits")
    assert suite_for(source, "digits", force=True).feature_name == "digits"
    assert suite_for(dataclasses.replace(source, name="mnist"), "digits").feature_name == "digits"
    monkeypatch.setitem(FITTING_DATASETS, "digits", ("photographs",))
    assert suite_for(source, "digits").feature_name == "digits"


def test_options_of_features_reach_the_extractor():
    with pytest.raises(InputError, match="`resize` .* does not apply to features digits. Received: bilinear"):
        suite_for(digits("test"), resize="bilinear")


def test_a_few_rows_are_watched():
    watched = ImageSuite(extractor=feature_extractor("digits")).watched
    assert list(watched.metrics) == ["fid", "modes", "modes_kl"]
    assert PointSuite(mixture=RING).watched == PointSuite(mixture=RING)


def test_a_row_of_ones_own(monkeypatch):
    """It may state a standard error and a definition of its own."""
    spread = Metric(
        title="spread",
        unit="pixels",
        definition="what it is",
        better="higher",
        measure=lambda pair: Measurement(float(pair.fake.activations.std()), std=0.5, std_kind="standard error"),
    )
    renamed = dataclasses.replace(spread, measure=lambda pair: Measurement(1.0, "what it was today"), watched=False)
    monkeypatch.setitem(IMAGE_METRICS, "spread", spread)
    monkeypatch.setitem(IMAGE_METRICS, "renamed", renamed)
    suite = suite_for(digits("test"))
    images = digits("test").sample_real(20, 0)
    measured = suite.measure(images, images)
    definition = f"what it is; features: {DigitFeatures.definition}"
    value = float(suite.extract(images).activations.std())
    assert measured["spread"] == Measurement(value, definition, 0.5, "standard error")
    assert measured["renamed"].definition == f"what it was today; features: {DigitFeatures.definition}"
    assert "spread" in suite.watched.metrics and "renamed" not in suite.watched.metrics
    assert headings(suite.metrics)["spread"] == "spread (pixels)"


def test_rows_are_chosen_by_name_or_group():
    suite = suite_for(digits("test"))
    assert list(suite.only(["modes_kl", "fid"]).metrics) == ["fid", "modes_kl"]
    assert list(suite.only(["kid", "prdc"]).metrics) == [
        "kid", "kid_subsets", "precision", "recall", "density", "coverage"
    ]  # fmt: skip
    images = digits("test").sample_real(30, 0)
    chosen = suite.only(["modes"]).measure(images, images)
    assert chosen == {name: m for name, m in suite.measure(images, images).items() if name in ("modes", "modes_kl")}
    assert list(suite.only(["fid", "is"]).watched.metrics) == ["fid"]
    with pytest.raises(InputError, match="`metrics` must be among fid, kid, .* prdc. Received: fidd"):
        suite.only(["fid", "fidd"])


def test_points_are_chosen_likewise():
    assert list(PointSuite(mixture=RING).only(["modes", "wd"]).measure(REAL, FAKE)) == ["modes", "wd"]
    with pytest.raises(InputError, match="The metric modes needs modes, and the features points have none"):
        PointSuite(mixture=None).only(["wd", "modes"])


class WithoutLogits(ImageSuite):
    """Images of which there are activations alone."""

    @property
    def has_logits(self) -> bool:
        return False

    def extract(self, samples):
        return super().extract(samples)._replace(logits=None)


def test_activations_alone_have_the_metrics_that_need_no_logits():
    suite = WithoutLogits(extractor=feature_extractor("digits"))
    images = digits("test").sample_real(30, 0)
    without = suite.measure(images, images)
    assert IMAGE_METRICS.keys() - without.keys() == {"is", "is_splits", "modes", "modes_kl"}
    with_logits = suite_for(digits("test")).measure(images, images)
    assert without == {name: with_logits[name] for name in without}
    with pytest.raises(InputError, match="The metric is needs logits, and the features digits have none"):
        suite.only(["is"])
    assert not dataclasses.replace(suite, metrics=PROBABILITY_METRICS).measure(images, images)


@pytest.mark.parametrize("metrics", [IMAGE_METRICS, POINT_METRICS])
def test_rows_say_what_people_need(metrics):
    assert len(set(headings(metrics).values())) == len(metrics)  # axes and columns can be told apart
    for metric in metrics.values():
        assert metric.title and metric.definition
        assert (metric.unit == "%") == ("in percent" in metric.definition)
        assert (metric.unit == "nats") == ("in nats" in metric.definition)
