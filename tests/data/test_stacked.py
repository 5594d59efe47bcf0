import hashlib

import numpy as np
import pytest

from tests.standins import standin
from tf_infomax.data import load_digits, load_source
from tf_infomax.data.stacked import stacked_digits_source
from tf_infomax.errors import InputError


def checksum(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def digits_in(image):
    """The red, green and blue digit of an image, as bytes."""
    return [np.ascontiguousarray(image[..., channel]).tobytes() for channel in range(3)]


@pytest.mark.parametrize("split, num_images", [("train", 128_000), ("test", 26_000)])
def test_stacked_images_consist_of_the_digits_that_the_label_says(split, num_images):
    source = stacked_digits_source(split=split, image_size=28)
    assert (source.num_images, source.image_shape, source.num_classes) == (num_images, (28, 28, 3), 1000)
    digits, digit_labels = load_digits(split)
    label_of = dict(zip((digit.tobytes() for digit in digits), digit_labels, strict=True))
    images, labels = source.read(np.arange(0, num_images, num_images // 100))
    for image, label in zip(images.numpy(), labels.numpy(), strict=True):
        red, green, blue = (label_of[digit] for digit in digits_in(image))
        assert label == 100 * red + 10 * green + blue


def test_stacked_modes_are_independent_and_use_each_digit_equally_often():
    source = stacked_digits_source(split="test", image_size=28)
    labels = np.concatenate([source.read(np.arange(start, start + 2000))[1] for start in range(0, 26_000, 2000)])
    counts = np.bincount(labels, minlength=1000)
    for channel in np.moveaxis(np.stack([labels // 100, labels // 10 % 10, labels % 10]), 0, 0):
        np.testing.assert_array_equal(np.bincount(channel), 2600)
    chi_square = np.sum((counts - 26) ** 2 / 26)  # 999 degrees of freedom at most: mean 999, standard deviation 45.
    assert 999 - 6 * 45 < chi_square < 999 + 4 * 45


def test_stacked_images_are_stable():
    assert (
        checksum(stacked_digits_source(split="train", image_size=32).images_at(np.arange(1000))) == "e17c49035adf25ed"
    )
    assert checksum(stacked_digits_source(split="test", image_size=32).images_at(np.arange(1000))) == "3e20f3d6a5af239a"


def test_image_k_does_not_depend_on_how_it_is_read():
    source = stacked_digits_source(split="train", image_size=32)
    indices = np.array([127_999, 5, 5, 0])
    np.testing.assert_array_equal(source.images_at(indices), np.concatenate([source.images_at([k]) for k in indices]))


def test_stacked_mnist_is_made_of_mnist(tmp_path):
    data_dir = standin("mnist", tmp_path, num_examples=30)
    source = load_source("stacked-mnist", split="test", image_size=28, data_dir=data_dir)
    assert (source.num_images, source.image_shape, source.num_classes) == (26_000, (28, 28, 3), 1000)
    mnist = load_source("mnist", split="test", image_size=28, data_dir=data_dir)
    mnist_labels = mnist.read(np.arange(30))[1].numpy()
    label_of = {image.tobytes(): label for image, label in zip(mnist.images_at(range(30)), mnist_labels, strict=True)}
    images, labels = source.read(np.arange(100))
    for image, label in zip(images.numpy(), labels.numpy(), strict=True):
        red, green, blue = (label_of[digit] for digit in digits_in(image))
        assert label == 100 * red + 10 * green + blue
    wide = load_source("stacked-mnist", split="test", image_size=32, data_dir=data_dir)
    np.testing.assert_array_equal(wide.images_at(range(100))[:, 2:-2, 2:-2], images)


@pytest.mark.parametrize("name", ["stacked-digits", "stacked-mnist"])
def test_refuses_what_is_not_offered(name):
    with pytest.raises(InputError, match=f"{name}.*28 or 32 pixels.*64"):
        load_source(name, split="train", image_size=64)
    with pytest.raises(InputError, match=f"{name}.*train, test.*'validation'"):
        load_source(name, split="validation", image_size=28)
