"""Decoding of image files to pixels in colour, the way a viewer shows them."""

import contextlib
import io
import threading
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from tf_infomax.files import printable
from tf_infomax.types import Array

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp")
"""Suffixes of image files, in lower or upper case."""

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_PNG_KIND = slice(24, 26)
_PLAIN_PNGS = (b"\x08\x00", b"\x08\x02")
"""Depth and kind of colour of PNG files of grey levels or colours of 8 bits."""
_SPECIAL_CHUNKS = (b"tRNS", b"eXIf", b"Raw profile type exif")
# Opened by their own classes: `Image.open` guesses at all formats that it knows, and refuses large images.
_FORMATS: Mapping[bytes, type[Image.Image]] = {
    _JPEG: JpegImagePlugin.JpegImageFile,
    _PNG: PngImagePlugin.PngImageFile,
    b"BM": BmpImagePlugin.BmpImageFile,
    b"GIF8": GifImagePlugin.GifImageFile,
    b"RIFF": WebPImagePlugin.WebPImageFile,
}
"""Formats by their first bytes; the name of a file says little."""

_WHITE = (255, 255, 255, 255)
_GREY_MODES = ("1", "L", "LA", "La", "I")
_TRANSPARENT_MODES = ("LA", "La", "PA", "RGBA", "RGBa")
_EXIF = {"exif", "Raw profile type exif"}
_ORIENTATION = 0x0112
AS_IT_IS = 1
"""Orientation of an image that is upright."""
UPRIGHT: Mapping[int, Callable[[Any], Any]] = {
    AS_IT_IS: lambda pixels: pixels,
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: _transposed(pixels),
    6: lambda pixels: _transposed(pixels[::-1]),
    7: lambda pixels: _transposed(pixels[::-1, ::-1]),
    8: lambda pixels: _transposed(pixels[:, ::-1]),
}
"""What turns an image (H, W, C), array or tensor, upright, by its orientation in EXIF data."""
TRANSPOSED = frozenset({5, 6, 7, 8})
"""Orientations of images that lie on their side."""

_warnings_lock = threading.Lock()


class UnreadableImage(ValueError):
    """A file is not there, is no regular file, or does not hold an image that can be decoded."""


def read_image(path: Path) -> Array:
    """Reads and decodes a file; see `decode_image`.

    Raises:
        UnreadableImage: It cannot be read.
    """
    if not path.is_file():  # Opening a pipe would wait for someone to write to it.
        raise UnreadableImage(f"{printable(path.name)}: no regular file")
    try:
        return decode_image(path.read_bytes())
    except (OSError, UnreadableImage) as error:
        raise UnreadableImage(f"{printable(path.name)}: {error}") from error


def decode_image(contents: bytes) -> Array:
    """Decodes the contents of a JPEG, PNG, BMP, GIF or WebP file.

    The orientation in EXIF data is applied. Transparent pixels lie on white. Of an animation there is the first frame,
    and of 16 bits a channel the upper eight.

    Args:
        contents: All bytes of the file.

    Returns:
        (H, W, 3) uint8.

    Raises:
        UnreadableImage: They cannot be decoded.
    """
    try:
        # Pillow's transform for JPEG differs from TensorFlow's by some grey levels; earlier caches hold the latter's.
        if contents.startswith(_JPEG):
            pixels, orientation = tf.io.decode_jpeg(contents, channels=3).numpy(), _orientation_of_jpeg(contents)
        else:
            with _opened(contents) as image:
                pixels, orientation = _in_colour(image), _orientation(image)
        return np.ascontiguousarray(UPRIGHT[orientation](pixels))
    except Exception as error:  # Damaged files make decoders raise whatever they meet.
        raise UnreadableImage(f"{type(error).__name__}: {error}") from error


def plain_orientation(contents: bytes) -> int | None:
    """Returns the orientation of a file that TensorFlow decodes to the same pixels but for that; None for others.

    These are JPEG, and PNG of grey levels or colours of 8 bits without transparency and EXIF data.
    """
    if contents.startswith(_JPEG):
        return _orientation_of_jpeg(contents) if b"Exif\0" in contents else AS_IT_IS
    is_plain = contents.startswith(_PNG) and contents[_PNG_KIND] in _PLAIN_PNGS
    return AS_IT_IS if is_plain and not any(chunk in contents for chunk in _SPECIAL_CHUNKS) else None


def is_grey(contents: bytes) -> bool:
    """Whether a file that can be decoded holds shades of grey alone."""
    with contextlib.suppress(Exception), _opened(contents) as image:  # Pillow wants more of a JPEG's header.
        return image.mode.split(";")[0] in _GREY_MODES
    return False


def _opened(contents: bytes) -> Any:
    """Opens an image without decoding its pixels."""
    for beginning, opener in _FORMATS.items():
        if contents.startswith(beginning):
            opened: Any = opener
            return opened(io.BytesIO(contents))
    raise UnreadableImage("no known format")


def _orientation_of_jpeg(contents: bytes) -> int:
    with contextlib.suppress(Exception), _opened(contents) as image:  # Pillow wants more of a header than TensorFlow.
        return _orientation(image)
    return AS_IT_IS


def _in_colour(image: Image.Image) -> Array:
    if image.mode.startswith("I"):  # 16 bits; Pillow would cut off all above 255.
        return np.repeat((np.asarray(image) >> 8).astype(np.uint8)[..., np.newaxis], 3, axis=-1)
    if image.mode in _TRANSPARENT_MODES or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image)
    return np.asarray(image.convert("RGB"))


def _orientation(image: Image.Image) -> int:
    if not image.info.keys() & _EXIF:
        return AS_IT_IS
    orientation: Any = AS_IT_IS
    # Filters of warnings are the process's: one thread at a time.
    with _warnings_lock, warnings.catch_warnings(), contextlib.suppress(Exception):  # Damaged data say nothing.
        warnings.simplefilter("ignore")
        orientation = image.getexif().get(_ORIENTATION, AS_IT_IS)
    return orientation if orientation in UPRIGHT else AS_IT_IS


def _transposed(pixels: Any) -> Any:
    return tf.transpose(pixels, [1, 0, 2]) if tf.is_tensor(pixels) else pixels.swapaxes(0, 1)
