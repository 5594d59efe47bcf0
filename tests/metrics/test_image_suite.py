import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics import (
    IMAGE_METRICS,
    ExtractedFeatures,
    FeatureExtractor,
    ImageSuite,
    evaluate_images,
    frechet_distance,
    inception_score,
    kernel_distance,
)


class Extractor(FeatureExtractor):
    """Names features; the tests make them."""

    name = "random"
    definition = "random numbers"

    def __init__(self, *, counts_modes: bool, has_logits: bool = True) -> None:
        self.counts_modes = counts_modes
        self.has_logits = has_logits

    def __call__(self, images: np.ndarray) -> ExtractedFeatures:
        raise NotImplementedError


def features(count: int, *, seed: int, shift: float = 0.0) -> ExtractedFeatures:
    rng = np.random.default_rng(seed)
    return ExtractedFeatures(
        (rng.normal(size=(count, 6)) + shift).astype(np.float32), rng.normal(size=(count, 10)).astype(np.float32)
    )


def test_an_extractor_that_counts_modes_gets_every_metric() -> None:
    real, fake = features(80, seed=0), features(60, seed=1, shift=0.5)
    metrics = evaluate_images(real, fake, extractor=Extractor(counts_modes=True))
    assert list(metrics) == list(IMAGE_METRICS)
    assert metrics["fid"].value == pytest.approx(frechet_distance(real.activations, fake.activations))
    assert metrics["kid"].value == pytest.approx(kernel_distance(real.activations, fake.activations).value)
    assert metrics["is"].value == pytest.approx(inception_score(fake.logits))
    assert metrics["modes"].value == len(set(fake.modes))
    assert float(metrics["modes_kl"]) > 0.0
    assert {name for name, measurement in metrics.items() if measurement.std is not None} == {
        "kid_subsets",
        "is_splits",
    }
    assert all((measurement.std is None) == (measurement.std_kind is None) for measurement in metrics.values())


def test_records_name_estimator_and_features() -> None:
    metrics = evaluate_images(features(80, seed=0), features(60, seed=1), extractor=Extractor(counts_modes=True))
    for name, measurement in metrics.items():
        estimator, _, source = measurement.definition.rpartition("; ")
        assert source == "features: random numbers"
        # Of 60 images there are only subsets of 60.
        assert (estimator == IMAGE_METRICS[name].definition) == (name != "kid_subsets")


def test_other_extractors_count_no_modes() -> None:
    metrics = evaluate_images(features(9, seed=0), features(8, seed=1), extractor=Extractor(counts_modes=False))
    assert IMAGE_METRICS.keys() - metrics.keys() == {"modes", "modes_kl"}


def test_a_suite_knows_whether_there_are_logits() -> None:
    for has_logits in (True, False):
        assert ImageSuite(extractor=Extractor(counts_modes=False, has_logits=has_logits)).has_logits == has_logits


def test_several_blocks_give_kid_a_standard_error() -> None:
    real, fake = features(1100, seed=0), features(900, seed=1)
    suite = ImageSuite(extractor=Extractor(counts_modes=False), metrics={"kid": IMAGE_METRICS["kid"]})
    measurement = suite.compare(real, fake)["kid"]
    assert measurement.std is not None
    assert measurement.std > 0.0
    assert measurement.std_kind == "standard error"
    assert measurement == suite.compare(real, fake)["kid"]


def test_the_order_of_the_images_does_not_bias_kid() -> None:
    activations = np.repeat(np.eye(2, dtype=np.float32) * 10.0, 700, axis=0)
    ordered = ExtractedFeatures(activations, activations)
    reverse = ExtractedFeatures(activations[::-1], activations[::-1])
    sorted_blocks = kernel_distance(ordered.activations, reverse.activations).value
    assert sorted_blocks > 1000.0
    suite = ImageSuite(extractor=Extractor(counts_modes=False), metrics={"kid": IMAGE_METRICS["kid"]})
    measurement = suite.compare(ordered, reverse)["kid"]
    assert abs(measurement.value) < 0.02 * sorted_blocks


def test_one_image_is_too_few() -> None:
    with pytest.raises(InputError, match="Received: 5 real and 1 generated"):
        evaluate_images(features(5, seed=0), features(1, seed=1), extractor=Extractor(counts_modes=True))
