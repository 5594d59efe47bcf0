import json

import pytest

from tf_infomax.errors import InputError
from tf_infomax.sizes import checked_size, height_and_width, size_text


@pytest.mark.parametrize("size", [32, (32, 64), (64, 32)])
def test_a_size_has_one_form(size):
    sides = height_and_width(size)
    for other in (size, sides, list(sides), json.loads(json.dumps(size))):
        assert checked_size(other) == size and type(checked_size(other)) is type(size)


def test_text():
    assert (size_text(32), size_text((32, 64))) == ("32", "32x64")


@pytest.mark.parametrize("size", [(32,), (1, 2, 3), "32", 3.0, None, (4, "4"), (4.0, 4)])
def test_what_is_no_size(size):
    with pytest.raises(InputError, match="`source_size` must be one number, or height and width. Received: "):
        checked_size(size, name="source_size")


@pytest.mark.parametrize("size", [0, (0, 8), [8, -1]])
def test_sides_below_one(size):
    with pytest.raises(InputError, match="`image_size` must be at least 1. Received: (0|-1)"):
        checked_size(size)
