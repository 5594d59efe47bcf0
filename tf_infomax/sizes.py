"""Sizes of images: one number for squares, height and width for rectangles."""

from collections.abc import Sequence
from typing import Any

from tf_infomax.errors import InputError, check_positive

ImageSize = int | tuple[int, int]
"""Height and width in pixels: one number where they are equal."""


def checked_size(size: Any, *, name: str = "image_size") -> ImageSize:
    """Returns a size in its only form, so that equal sizes are equal: a square is one number.

    Args:
        size: One number, or height and width, as a list too, which JSON makes of them.
        name: Name of the argument, for the error.

    Raises:
        InputError: It is neither, or a side is below 1.
    """
    sides = [size, size] if isinstance(size, int) else size
    if not isinstance(sides, Sequence) or len(sides) != 2 or not all(isinstance(side, int) for side in sides):
        raise InputError(f"`{name}` must be one number, or height and width. Received: {size!r}")
    height, width = sides
    check_positive(**{name: min(height, width)})
    return height if height == width else (height, width)


def height_and_width(size: ImageSize) -> tuple[int, int]:
    """Returns both sides of a size."""
    return (size, size) if isinstance(size, int) else size


def size_text(size: ImageSize) -> str:
    """Returns a size for people: `32`, or `32x64` for a height of 32 and a width of 64."""
    return str(size) if isinstance(size, int) else "{}x{}".format(*size)
