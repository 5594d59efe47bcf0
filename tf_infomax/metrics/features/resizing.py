"""Resizing of images to the size of a network, a part of the definition of its features."""

from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

from tf_infomax.errors import InputError, check_choice
from tf_infomax.types import Tensor

Size = tuple[int, int]
"""Height and width in pixels."""

NATIVE = "native"


@dataclass(frozen=True)
class Resizing:
    """A way to resize images.

    Attributes:
        definition: How, to follow "resized to 299x299".
        resize: Maps images (B, H, W, C) float32 in grey levels, and a size, to images of that size.
    """

    definition: str
    resize: Callable[[Tensor, Size], Tensor]


def _antialiased_bicubic(images: Tensor, size: Size) -> Tensor:
    resized = tf.image.resize(images, size, method="bicubic", antialias=True)
    # The kernel has negative lobes.
    return tf.clip_by_value(resized, 0.0, 255.0)


RESIZES: dict[str, Resizing] = {
    "bilinear": Resizing(
        "bilinearly, with half-pixel centres and without antialiasing",
        lambda images, size: tf.image.resize(images, size, method="bilinear"),
    ),
    "bilinear-tf1": Resizing(
        "bilinearly as by TensorFlow 1, without half-pixel centres or antialiasing",
        lambda images, size: tf.compat.v1.image.resize_bilinear(
            images, size, align_corners=False, half_pixel_centers=False
        ),
    ),
    "bicubic-antialias": Resizing(
        "by antialiased bicubic interpolation, clipped to 0 to 255 and not rounded, as by clean-fid",
        _antialiased_bicubic,
    ),
    NATIVE: Resizing("not at all", lambda images, size: images),
}
"""Resizings by name. You may add rows.

`bilinear` is TensorFlow 2's default; `bilinear-tf1` is what the original code of FID did (Heusel et al. 2017);
`bicubic-antialias` equals Pillow's on float32 (Parmar et al. 2022); `native` leaves images as they are.
"""


def choose_resize(resize: str | None, *, default: str, size: Size | None) -> str:
    """Returns the resizing of a network's images.

    Args:
        resize: Row of `RESIZES`; by the network if None.
        default: Row for a network of a size of its own.
        size: That size; None for a network that takes any.

    Raises:
        InputError: There is no such row, or there is no size to resize to.
    """
    if resize is None:
        return NATIVE if size is None else default
    check_choice("resize", resize, RESIZES)
    if size is None and resize != NATIVE:
        raise InputError(f"`resize` must be native for a network that takes images of any size. Received: {resize}")
    return resize


def describe_resize(resize: str, size: Size | None) -> str:
    """Says what happens to images: "resized to 299x299 bilinearly ..."."""
    if size is None or resize == NATIVE:
        return "not resized"
    return f"resized to {size[0]}x{size[1]} {RESIZES[resize].definition}"
