"""Moving pictures: GIF by Pillow, and MP4 where its encoder is installed."""

import contextlib
import errno
import itertools
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tf_infomax.errors import InputError
from tf_infomax.files import atomic_path
from tf_infomax.types import Array

FRAMES_PER_SECOND = 20


def check_encoder(suffix: str) -> None:
    """Raises an InputError if the encoder of the files with a suffix is not installed."""
    if suffix == _MP4:
        _mp4_encoder()


def write_animation(path: Path, frames: Iterable[Array]) -> None:
    """Writes pictures that follow each other at 20 a second, whole or not at all.

    A GIF repeats for ever. It has all levels of grey, but 256 colours in a frame, which are chosen for each. An MP4,
    H.264, has all colours and loses details that are hardly seen.

    Args:
        path: `NAME.gif` or `NAME.mp4`; it is replaced if it exists.
        frames: At least one picture (height, width, C) uint8, all of one shape, C 1 or 3.

    Raises:
        InputError: The encoder of this suffix is not installed.
        NotWritten: The disk is full, read-only or damaged.
    """
    check_encoder(path.suffix)
    with atomic_path(path) as partial:
        ANIMATIONS[path.suffix](partial, iter(frames))


def _write_gif(path: Path, frames: Iterator[Array]) -> None:
    pictures = map(_with_palette, frames)
    first = next(pictures)
    first.save(path, save_all=True, append_images=pictures, duration=round(1000 / FRAMES_PER_SECOND), loop=0)


def _with_palette(frame: Array) -> Image.Image:
    if frame.shape[2] == 1:
        return Image.fromarray(frame[..., 0])
    # Without dithering, whose dots would flicker from frame to frame.
    return Image.fromarray(frame).quantize(dither=Image.Dither.NONE)


def _write_mp4(path: Path, frames: Iterator[Array]) -> None:
    pictures = map(_even, frames)
    first = next(pictures)
    height, width, _ = first.shape
    look: dict[str, Any] = {"fps": FRAMES_PER_SECOND, "codec": "libx264", "quality": 9, "macro_block_size": 2}
    encoder, count = _mp4_encoder(), 0
    writer: Generator[None, Array, None] = encoder.write_frames(str(path), (width, height), **look)
    with contextlib.closing(writer):
        next(writer)
        for frame in itertools.chain([first], pictures):
            writer.send(np.ascontiguousarray(frame))
            count += 1
    # The encoder is another process, which says on standard error what went wrong, and nothing here.
    if encoder.count_frames_and_secs(str(path))[0] != count:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))


def _even(frame: Array) -> Array:
    """Makes a picture coloured and its sides even, as the encoder needs them, with a white border."""
    height, width, channels = frame.shape
    border = ((0, height % 2), (0, width % 2), (0, 0))
    return np.repeat(np.pad(frame, border, constant_values=255), 3 // channels, axis=2)


def _mp4_encoder() -> Any:
    try:
        import imageio_ffmpeg
    except ImportError:
        raise InputError(
            "A file .mp4 needs imageio-ffmpeg: pip install 'tf-infomax[video]'; a file .gif needs nothing more."
        ) from None
    return imageio_ffmpeg


_MP4 = ".mp4"
ANIMATIONS: Mapping[str, Callable[[Path, Iterator[Array]], None]] = {".gif": _write_gif, _MP4: _write_mp4}
"""What writes an animation, by the suffix of its file."""
