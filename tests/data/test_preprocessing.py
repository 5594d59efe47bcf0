from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tf_infomax.data.preprocessing import centre_crop, centre_of, prepare_image


@pytest.mark.parametrize(
    "dataset, size, expected",
    [
        ("folder", (218, 178), None),
        ("celeb_a", (218, 178), 178),
        ("lsun/bedroom", (300, 400), 256),
        ("celeb_a", (32, 32), 32),  # prepared already
        ("digits", (28, 28), 32),  # gets a border
        ("digits", (100, 80), None),
    ],
)
def test_centres(dataset, size, expected):
    assert centre_of(dataset, size, 32) == expected


def noise(height, width, channels=3):
    return np.random.default_rng(0).integers(0, 256, (height, width, channels), np.uint8)


def crop_of_torchvision(image, side):
    """The arithmetic of torchvision's `center_crop`, on numpy: zeros first, then Python's `round`."""
    (height, width), pairs = image.shape[:2], []
    for size in (height, width):
        missing = max(side - size, 0)
        pairs.append((missing // 2, (missing + 1) // 2))
    image = np.pad(image, (*pairs, (0, 0)))
    top, left = (int(round((size - side) / 2.0)) for size in image.shape[:2])
    return image[top : top + side, left : left + side]


@pytest.mark.parametrize(
    "height, width", [(218, 178), (10, 10), (12, 10), (11, 13), (15, 17), (7, 9), (5, 20), (23, 1)]
)
@pytest.mark.parametrize("side", [10, 9])
def test_cropping_equals_torchvision(height, width, side):
    image = noise(height, width)
    np.testing.assert_array_equal(centre_crop(image, side), crop_of_torchvision(image, side))


@pytest.mark.parametrize(
    "height, width, crop", [(20, 31, None), (33, 20, None), (9, 7, None), (40, 41, 32), (20, 40, 32)]
)
def test_resizing_equals_pillow(height, width, crop):
    image = noise(height, width)
    square = Image.fromarray(crop_of_torchvision(image, crop or min(height, width)))
    expected = np.asarray(square.resize((8, 8), Image.Resampling.BILINEAR), np.int64)
    assert np.abs(prepare_image(image, 8, crop=crop).numpy() - expected).max() <= 1


def test_an_image_of_the_right_size_is_not_changed():
    image = noise(8, 10)
    np.testing.assert_array_equal(prepare_image(image, 8), image[:, 1:9])


def test_sizes_that_are_not_known_before_reading():
    images = [noise(20, 31), noise(9, 8), noise(8, 8)]
    spec = tf.TensorSpec((None, None, 3), tf.uint8)
    dataset = tf.data.Dataset.from_generator(lambda: images, output_signature=spec).map(lambda x: prepare_image(x, 8))
    for prepared, image in zip(dataset, images, strict=True):
        np.testing.assert_array_equal(prepared, prepare_image(image, 8))


def round_half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


@pytest.mark.parametrize("height, width", [(20, 31), (33, 20), (9, 70), (40, 80), (10, 20), (5, 10)])
@pytest.mark.parametrize("size", [(8, 16), (16, 8), (6, 8)])
def test_rectangles_equal_pillow(height, width, size):
    image = noise(height, width)
    # The largest centre of these proportions, by fractions of Python.
    rows = min(height, round_half_up(Fraction(width * size[0], size[1])))
    columns = min(width, round_half_up(Fraction(height * size[1], size[0])))
    top, left = round((height - rows) / 2), round((width - columns) / 2)
    centre = Image.fromarray(image[top : top + rows, left : left + columns])
    expected = np.asarray(centre.resize(size[::-1], Image.Resampling.BILINEAR), np.int64)
    prepared = prepare_image(image, size).numpy()
    assert prepared.shape == (*size, 3) and np.abs(prepared - expected).max() <= 1


def test_a_rectangle_of_the_right_proportions_loses_nothing():
    image = noise(8, 16)
    np.testing.assert_array_equal(prepare_image(image, (8, 16)), image)
    np.testing.assert_array_equal(prepare_image(image, (8, 16), crop=4), image)
    np.testing.assert_array_equal(prepare_image(noise(8, 18), (8, 16)), noise(8, 18)[:, 1:17])


@pytest.mark.parametrize("height, width", [(1, 500), (500, 1), (1, 1)])
def test_a_rectangle_of_a_strip(height, width):
    assert prepare_image(noise(height, width), (16, 8)).shape == (16, 8, 3)
