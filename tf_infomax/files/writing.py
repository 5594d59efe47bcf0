"""Atomic writing of files: a crash leaves the old file or the new one, never half of one."""

import contextlib
import errno
import glob
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tf_infomax.errors import NotWritten, disk_problem

PARTIAL_PREFIX = ".partial-"
_ASIDE = "old-"
"""Before the name of a folder while another takes its place."""

_FOLDERS_ARE_NOT_FLUSHED = (errno.EINVAL, errno.EBADF, errno.ENOTSUP)
"""What file systems answer that flush files alone, such as some of networks."""


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yields a path beside `path` to write a file to, and moves the file into place on success.

    Raises:
        NotWritten: The disk is full, read-only or damaged; what was at `path` is still there.
    """
    partial = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{path.name}")
    with _naming(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            yield partial
            _flush_to_disk(partial)
            os.replace(partial, path)
            _flush_to_disk(path.parent)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yields a folder beside `path` to write to, and moves it into place on success, where it replaces `path`.

    Leftovers of killed writers of the same folder are removed first; what one had set aside comes back.

    Raises:
        NotWritten: The disk is full, read-only or damaged; what was at `path` is still there.
    """
    partial = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{path.name}")
    with _naming(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _tidy(path)
            partial.mkdir()
            yield partial
            for inside in (*partial.rglob("*"), partial):
                _flush_to_disk(inside)
            _exchange(partial, path)
            _flush_to_disk(path.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turns problems of the disk, in whatever library's words, into an error that names a file."""
    try:
        yield
    except Exception as error:
        number = disk_problem(error)
        if number is None:
            raise
        raise NotWritten(path, number) from error


def _tidy(path: Path) -> None:
    """Removes what killed writers of a folder left; if one was killed while it exchanged it, the old one comes back."""
    name = glob.escape(path.name)
    for aside in filter(_is_left_behind, path.parent.glob(f"{PARTIAL_PREFIX}*-{_ASIDE}{name}")):
        if not os.path.lexists(path):
            os.replace(aside, path)
    for left_behind in filter(_is_left_behind, path.parent.glob(f"{PARTIAL_PREFIX}*-{name}")):
        remove(left_behind)


def _exchange(partial: Path, path: Path) -> None:
    """Moves a folder to its place, where it replaces another one, which comes back if that fails."""
    if not os.path.lexists(path):
        os.replace(partial, path)
        return
    aside = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{_ASIDE}{path.name}")
    os.replace(path, aside)
    try:
        os.replace(partial, path)
    except BaseException:
        os.replace(aside, path)
        raise
    with contextlib.suppress(OSError):
        remove(aside)


def remove(path: Path) -> None:
    """Removes a file, or a folder with all that is in it; of a link the link alone. There may be nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_bytes(path: Path, *parts: bytes | memoryview) -> None:
    """Writes a whole file atomically, from its parts in order."""
    with atomic_path(path) as partial, partial.open("wb") as file:
        for part in parts:
            file.write(part)


def write_json(path: Path, content: Any) -> None:
    """Writes indented JSON atomically."""
    write_bytes(path, (json.dumps(content, indent=2) + "\n").encode())


def remove_partial_files(folder: Path) -> None:
    """Removes the leftovers of killed writers from a folder, not the files of other programs at work."""
    for partial in filter(_is_left_behind, folder.glob(f"{PARTIAL_PREFIX}*")):
        with contextlib.suppress(OSError):
            remove(partial)


def _is_left_behind(partial: Path) -> bool:
    """Whether the writer of a partial file is not running, as far as this machine knows."""
    writer = re.match(r"\d+", partial.name.removeprefix(PARTIAL_PREFIX))
    if writer is None or int(writer[0]) == os.getpid():  # In containers all writers have one number.
        return True
    try:
        os.kill(int(writer[0]), 0)
    except ProcessLookupError:
        return True
    except OSError:  # It is another user's.
        return False
    return False


def _flush_to_disk(path: Path) -> None:
    """Waits until a file is on the disk, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if not (path.is_dir() and error.errno in _FOLDERS_ARE_NOT_FLUSHED):
            raise
    finally:
        os.close(descriptor)
