from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.metrics.features.networks import SignatureOnly, colour_network, in_range, plain_images, save
from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.metrics import RESIZES, InceptionFeatures, NetworkFeatures, feature_extractor
from tf_infomax.metrics.features.pins import pins_path

COLOURS = np.array([(0, 0, 0), (255, 0, 51), (102, 204, 255)], np.uint8)


class FirstPixel(tf.Module):
    """Returns a row of pixels of what it is shown, for want of Inception."""

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def __call__(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"pool_3": images[:, 100, :, 0], "logits": images[:, 0, 0]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save(colour_network(size=299), tmp_path / "copy")


def test_a_copy_sees_images_in_its_range(folder: Path) -> None:
    features = InceptionFeatures(folder, batch_size=2)
    extracted = features(plain_images(*COLOURS))
    np.testing.assert_allclose(extracted.activations, in_range(COLOURS), atol=1e-5)
    assert extracted.logits.shape == (3, 5)
    assert (features.name, features.resize, features.counts_modes) == ("inception", "bilinear", False)
    assert "pool_3 and logits of images resized to 299x299 bilinearly" in features.definition


@pytest.mark.parametrize("resize", ["bilinear", "bilinear-tf1", "bicubic-antialias"])
def test_images_are_resized_to_299_pixels(resize: str, tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, size=(2, 32, 32, 3), dtype=np.uint8)
    features = InceptionFeatures(save(FirstPixel(), tmp_path / "copy"), resize=resize)
    resized = RESIZES[resize].resize(tf.constant(images, tf.float32), (299, 299)).numpy()
    np.testing.assert_allclose(features(images).activations, in_range(resized)[:, 100, :, 0], atol=1e-5)
    assert features.resize == resize


def test_a_copy_of_any_size_sees_299_pixels_too(tmp_path: Path) -> None:
    features = InceptionFeatures(save(colour_network(size=None), tmp_path / "copy"))
    assert features.size == (299, 299)
    np.testing.assert_allclose(features(plain_images(*COLOURS)).activations, in_range(COLOURS), atol=1e-5)


def test_another_network_under_the_name_is_refused(folder: Path, tmp_path: Path) -> None:
    first = InceptionFeatures(folder)
    other = save(colour_network(size=299, scale=2.0), tmp_path / "other")
    with pytest.raises(InputError, match=f"not the network first used as inception .* not {first.sha256}; .* delete"):
        InceptionFeatures(other)
    assert NetworkFeatures(other).sha256 in str(pytest.raises(InputError, InceptionFeatures, other).value)
    assert InceptionFeatures(folder).sha256 == first.sha256
    pins_path().unlink()
    assert InceptionFeatures(other).sha256 != first.sha256


def test_only_a_network_that_can_be_used_is_the_one(tmp_path: Path) -> None:
    network = SignatureOnly()
    wrong = save(network, tmp_path / "wrong", signatures={"serving_default": network.serve})
    with pytest.raises(InputError, match="the outputs pool_3 and logits .* with embedding"):
        InceptionFeatures(wrong)
    assert not pins_path().exists()


def test_the_network_comes_from_tensorflow_hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compat.tensorflow_hub(), "resolve", lambda handle: str(folder) if "tfgan" in handle else None)
    assert InceptionFeatures().sha256 == InceptionFeatures(folder).sha256


def test_without_a_network_inception_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: str) -> None:
        raise OSError(f"cannot reach {handle}")

    monkeypatch.setattr(compat.tensorflow_hub(), "resolve", fail)
    with pytest.raises(InputError, match="where there is a network, run curl .*https://.* --features inception:FOLDER"):
        feature_extractor("inception")
