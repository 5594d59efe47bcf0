"""Moving pictures: frames come back as they were, and a missing encoder is one sentence."""

import contextlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from tf_infomax.errors import InputError, NotWritten
from tf_infomax.runs.animation import FRAMES_PER_SECOND, check_encoder, write_animation


def grey_frames(count: int = 5) -> np.ndarray:
    """(count, 6, 9, 1) uint8."""
    return np.random.default_rng(0).integers(0, 256, (count, 6, 9, 1)).astype(np.uint8)


def few_colours(count: int = 5) -> np.ndarray:
    """(count, 6, 9, 3) uint8, 54 colours in a frame at most."""
    return np.random.default_rng(0).integers(0, 256, (count, 6, 9, 3)).astype(np.uint8)


@pytest.mark.parametrize("frames", [grey_frames(), few_colours()], ids=["grey", "colour"])
def test_a_gif_has_its_frames(tmp_path, frames):
    write_animation(tmp_path / "a.gif", iter(frames))
    with Image.open(tmp_path / "a.gif") as animation:
        assert animation.info["loop"] == 0 and animation.info["duration"] == 1000 / FRAMES_PER_SECOND
        read = [np.asarray(frame.convert("RGB"), int) for frame in ImageSequence.Iterator(animation)]
    assert len(read) == len(frames)
    np.testing.assert_allclose(read, np.broadcast_to(frames, (*frames.shape[:3], 3)), atol=2)


def test_equal_frames_give_equal_files(tmp_path):
    for name in ("a.gif", "b.gif"):
        write_animation(tmp_path / name, iter(few_colours()))
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()


def test_a_walk_that_fails_leaves_what_was_there(tmp_path):
    def failing():
        yield from grey_frames(2)
        raise InputError("not finite")

    (tmp_path / "a.gif").write_bytes(b"before")
    with pytest.raises(InputError, match="not finite"):
        write_animation(tmp_path / "a.gif", failing())
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"] and (tmp_path / "a.gif").read_bytes() == b"before"


def test_without_its_encoder_there_is_no_mp4(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    check_encoder(".gif")
    for write in (lambda: check_encoder(".mp4"), lambda: write_animation(tmp_path / "a.mp4", iter(grey_frames()))):
        with pytest.raises(InputError, match=r"A file .mp4 needs imageio-ffmpeg: pip install 'tf-infomax\[video\]'"):
            write()
    assert not list(tmp_path.iterdir())


class Encoder:
    """Stands for imageio-ffmpeg: keeps the frames, all or all but the last."""

    def __init__(self, *, loses: int) -> None:
        self.loses = loses
        self.frames: list[np.ndarray] = []

    def write_frames(self, path: str, size: tuple[int, int], **look):
        with contextlib.suppress(GeneratorExit):
            while True:
                frame = yield
                assert frame.shape == (*size[::-1], 3) and frame.flags.c_contiguous
                self.frames.append(frame)
        Path(path).write_bytes(b"encoded")

    def count_frames_and_secs(self, path: str) -> tuple[int, float]:
        return len(self.frames) - self.loses, 0.0


def test_frames_for_an_mp4_are_coloured_and_even(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", encoder := Encoder(loses=0))
    frames = grey_frames()
    write_animation(tmp_path / "a.mp4", iter(frames))
    assert (tmp_path / "a.mp4").read_bytes() == b"encoded" and len(encoder.frames) == len(frames)
    for given, written in zip(frames, encoder.frames):
        np.testing.assert_array_equal(written[:, :9], np.repeat(given, 3, axis=2))
        assert written.shape == (6, 10, 3) and np.all(written[:, 9] == 255)


def test_an_mp4_that_lacks_frames_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", Encoder(loses=1))
    with pytest.raises(NotWritten, match="a.mp4 cannot be written"):
        write_animation(tmp_path / "a.mp4", iter(grey_frames()))
    assert not list(tmp_path.iterdir())


def test_an_mp4_has_its_frames(tmp_path):
    ffmpeg = pytest.importorskip("imageio_ffmpeg", exc_type=ImportError)
    dark, light = np.zeros((61, 90, 1), np.uint8), np.full((61, 90, 1), 200, np.uint8)
    write_animation(tmp_path / "a.mp4", iter([dark, light, dark, light]))
    command = [ffmpeg.get_ffmpeg_exe(), "-i", tmp_path / "a.mp4", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    pixels = subprocess.run(command, capture_output=True, check=True).stdout
    frames = np.frombuffer(pixels, np.uint8).reshape(4, 62, 90, 3)
    np.testing.assert_allclose(frames[:, 5:55, 5:85].mean(axis=(1, 2, 3)), [0, 200, 0, 200], atol=8)
