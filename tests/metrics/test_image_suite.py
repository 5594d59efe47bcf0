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
    assert metrics.keys() == IMAGE_METRICS.keys() == {"fid", "kid", "is", "modes", "modes_kl"}
    assert metrics["fid"].value == pytest.approx(frechet_distance(real.activations, fake.activations))
    assert metrics["kid"].value == pytest.approx(kernel_distance(real.activations, fake.activations).value)
    assert metrics["is"].value == pytest.approx(inception_score(fake.logits))
    assert metrics["modes"].value == len(set(fake.modes))
    assert float(metrics["modes_kl"]) > 0.0
    for name, measurement in metrics.items():
        assert measurement.definition == f"{IMAGE_METRICS[name].definition}; features: random numbers"
        assert measurement.std is None


def test_other_extractors_count_no_modes() -> None:
    metrics = evaluate_images(features(9, seed=0), features(8, seed=1), extractor=Extractor(counts_modes=False))
    assert metrics.keys() == {"fid", "kid", "is"}


def test_a_suite_knows_whether_there_are_logits() -> None:
    for has_logits in (True, False):
        assert ImageSuite(extractor=Extractor(counts_modes=False, has_logits=has_logits)).has_logits == has_logits


def test_several_blocks_give_kid_a_standard_error() -> None:
    real, fake = features(1100, seed=0), features(900, seed=1)
    extractor = Extractor(counts_modes=False)
    measurement = evaluate_images(real, fake, extractor=extractor)["kid"]
    assert measurement.std is not None
    assert measurement.std > 0.0
    assert measurement == evaluate_images(real, fake, extractor=extractor)["kid"]


def test_the_order_of_the_images_does_not_bias_kid() -> None:
    activations = np.repeat(np.eye(2, dtype=np.float32) * 10.0, 700, axis=0)
    ordered = ExtractedFeatures(activations, activations)
    reverse = ExtractedFeatures(activations[::-1], activations[::-1])
    sorted_blocks = kernel_distance(ordered.activations, reverse.activations).value
    assert sorted_blocks > 1000.0
    measurement = evaluate_images(ordered, reverse, extractor=Extractor(counts_modes=False))["kid"]
    assert abs(measurement.value) < 0.02 * sorted_blocks


def test_one_image_is_too_few() -> None:
    with pytest.raises(InputError, match="Received: 5 real and 1 generated"):
        evaluate_images(features(5, seed=0), features(1, seed=1), extractor=Extractor(counts_modes=True))
