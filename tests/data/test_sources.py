import pytest

from tf_infomax.data import load_source
from tf_infomax.errors import InputError


@pytest.mark.parametrize("name, channels", [("digits", 1), ("stacked-digits", 3)])
def test_built_in_names(name, channels):
    source = load_source(name, split="test", image_size=32)
    assert (source.name, source.split, source.image_shape) == (name, "test", (32, 32, channels))


@pytest.mark.parametrize(
    "name, message",
    [
        ("stacked_digits", "did you mean 'stacked-digits'.* Built in: digits, stacked-digits"),
        ("cifar", "did you mean .*'cifar10"),
        ("qwxzqwxz", "no dataset 'qwxzqwxz'. Built in"),
        ("cifar10/blue", "'cifar10/blue'"),
        ("", "refuses ''"),
    ],
)
def test_unknown_dataset(name, message, tmp_path):
    with pytest.raises(InputError, match=message):
        load_source(name, split="train", image_size=32, data_dir=str(tmp_path))
