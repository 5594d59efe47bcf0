"""Resizing, compared with Pillow, with interpolation in numpy, and with the options of runs."""

from typing import get_args

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tf_infomax.errors import InputError
from tf_infomax.metrics import RESIZES
from tf_infomax.metrics.features.resizing import choose_resize, describe_resize
from tf_infomax.runs.options import ResizeName

IMAGES = np.random.default_rng(0).integers(0, 256, size=(2, 20, 30, 3)).astype(np.float32)
SIZES = [(299, 64), (7, 11), (40, 15)]


def resize(name: str, images: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return RESIZES[name].resize(tf.constant(images), size).numpy()


def interpolation(length: int, new_length: int, *, half_pixel_centres: bool) -> np.ndarray:
    """The matrix (new_length, length) of linear interpolation, by its definition."""
    offset = 0.5 if half_pixel_centres else 0.0
    positions = (np.arange(new_length) + offset) * length / new_length - offset
    positions = positions.clip(0, length - 1)[:, None]
    return np.maximum(0.0, 1.0 - np.abs(positions - np.arange(length)))


def test_runs_offer_every_resizing() -> None:
    assert set(RESIZES) == set(get_args(ResizeName))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name, half_pixel_centres", [("bilinear", True), ("bilinear-tf1", False)])
def test_bilinear_interpolation(name: str, half_pixel_centres: bool, size: tuple[int, int]) -> None:
    rows, columns = (
        interpolation(length, new_length, half_pixel_centres=half_pixel_centres)
        for length, new_length in zip(IMAGES.shape[1:3], size)
    )
    expected = np.einsum("yh,xw,nhwc->nyxc", rows, columns, IMAGES)
    np.testing.assert_allclose(resize(name, IMAGES, size), expected, atol=1e-2)


@pytest.mark.parametrize("size", SIZES)
def test_antialiased_bicubic_interpolation_is_pillows(size: tuple[int, int]) -> None:
    def by_pillow(channel: np.ndarray) -> np.ndarray:
        return np.asarray(Image.fromarray(channel).resize(size[::-1], Image.Resampling.BICUBIC))

    expected = np.stack([[by_pillow(channel) for channel in np.moveaxis(image, -1, 0)] for image in IMAGES])
    expected = np.moveaxis(expected, 1, -1).clip(0, 255)  # as clean-fid
    np.testing.assert_allclose(resize("bicubic-antialias", IMAGES, size), expected, atol=1e-2)


@pytest.mark.parametrize("name", RESIZES)
def test_images_of_the_right_size_stay_as_they_are(name: str) -> None:
    np.testing.assert_allclose(resize(name, IMAGES, (20, 30)), IMAGES, atol=1e-3)


def test_resizing_is_by_the_network_unless_chosen() -> None:
    assert choose_resize(None, default="bilinear", size=(9, 9)) == "bilinear"
    assert choose_resize(None, default="bilinear", size=None) == "native"
    assert choose_resize("bilinear-tf1", default="bilinear", size=(9, 9)) == "bilinear-tf1"
    assert choose_resize("native", default="bilinear", size=(9, 9)) == "native"


def test_a_resizing_that_cannot_be() -> None:
    with pytest.raises(InputError, match="`resize` must be one of bilinear, .* Received: lanczos"):
        choose_resize("lanczos", default="bilinear", size=(9, 9))
    with pytest.raises(InputError, match="`resize` must be native for a network .* any size. Received: bilinear"):
        choose_resize("bilinear", default="bilinear", size=None)


def test_a_definition_has_the_size() -> None:
    assert describe_resize("bilinear", (299, 280)).startswith("resized to 299x280 bilinearly")
    assert describe_resize("native", (299, 299)) == describe_resize("native", None)
