import numpy as np
import pytest

from tests.standins import standin
from tf_infomax.data import load_source
from tf_infomax.errors import InputError


@pytest.mark.parametrize("name, channels", [("digits", 1), ("stacked-digits", 3)])
def test_built_in_names(name, channels):
    source = load_source(name, split="test", image_size=32)
    assert (source.name, source.split, source.image_shape) == (name, "test", (32, 32, channels))


@pytest.mark.parametrize(
    "name, message",
    [
        (
            "stacked_digits",
            "did you mean 'stacked-digits'.* Built in: digits, stacked-digits, stacked-mnist, folder, ring, grid",
        ),
        ("cifar", "did you mean .*'cifar10"),
        ("qwxzqwxz", "no dataset 'qwxzqwxz'. Built in"),
        ("cifar10/blue", "'cifar10/blue'"),
        ("", "refuses ''"),
    ],
)
def test_unknown_dataset(name, message, tmp_path):
    with pytest.raises(InputError, match=message):
        load_source(name, split="train", image_size=32, data_dir=str(tmp_path))


def test_channels_must_fit_the_dataset(tmp_path):
    data_dir = standin("cifar10", tmp_path, num_examples=4)
    assert load_source("cifar10", split="test", image_size=8, num_channels=3, data_dir=data_dir).num_images == 4
    for name, channels, wrong in [("digits", 1, 3), ("stacked-digits", 3, 1), ("cifar10", 3, 1)]:
        with pytest.raises(InputError, match=f"`num_channels` must be {channels} for {name}. Received: {wrong}"):
            load_source(name, split="test", image_size=28, num_channels=wrong, data_dir=data_dir)


@pytest.mark.parametrize(
    "name, split, labelled",
    [
        ("cifar100", "train", 100),
        ("stl10", "unlabelled", None),
        ("celeb_a", "train+validation+test", None),
        ("imagenet2012", "train", 1000),
        ("imagenet2012", "test", None),
        ("lsun/bedroom", "train", None),
    ],
)
def test_published_datasets(name, split, labelled, tmp_path):
    source = load_source(name, split=split, image_size=16, data_dir=standin(name, tmp_path, num_examples=5))
    assert source.num_images == 5 * (1 + split.count("+"))
    assert (source.image_shape, source.num_classes) == ((16, 16, 3), labelled)
    labels = source.read(range(source.num_images))[1].numpy()
    assert sorted(labels) == (list(range(5)) if labelled else [0] * source.num_images)


@pytest.mark.parametrize("name, components", [("ring", 8), ("grid", 25)])
@pytest.mark.parametrize("num_channels", [None, 2])
def test_points(name, components, num_channels):
    source = load_source(name, split="test", image_size=None, num_channels=num_channels)
    assert (source.name, source.split, source.image_shape) == (name, "test", (2,))
    assert (source.num_classes, source.images_at([0]).dtype) == (components, np.float32)


def test_points_have_numbers_and_no_size():
    with pytest.raises(InputError, match="`image_size` must be None for ring, .* points. Received: 32"):
        load_source("ring", split="train", image_size=32)
    with pytest.raises(InputError, match="`num_channels` must be 2 for grid. Received: 3"):
        load_source("grid", split="train", image_size=None, num_channels=3)


@pytest.mark.parametrize("name", ["digits", "folder", "cifar10"])
def test_images_have_a_size(name, tmp_path):
    with pytest.raises(InputError, match=f"`image_size` must be .* of {name}. Received: None"):
        load_source(name, split="train", image_size=None, data_dir=tmp_path)
