"""Atomic writing of files: a crash leaves the old file or the new one, never half of one."""

import fcntl
import glob
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PARTIAL_PREFIX = ".partial-"


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yields a path beside `path` to write a file to, and moves the file into place on success."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{path.name}")
    try:
        yield partial
        _flush_to_disk(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yields a folder beside `path` to write to, and moves it into place on success, where it replaces `path`.

    Leftovers of killed writers of the same folder are removed first, so only one process at a time may write it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left_behind in path.parent.glob(f"{PARTIAL_PREFIX}*-{glob.escape(path.name)}"):
        shutil.rmtree(left_behind)
    partial = path.with_name(f"{PARTIAL_PREFIX}{os.getpid()}-{path.name}")
    try:
        partial.mkdir()
        yield partial
        for file in filter(Path.is_file, partial.rglob("*")):
            _flush_to_disk(file)
        shutil.rmtree(path, ignore_errors=True)
        os.replace(partial, path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Locks a folder among the processes of this machine, waiting for its turn; creates the folder if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a whole file atomically."""
    with atomic_path(path) as partial:
        partial.write_bytes(content)


def write_json(path: Path, content: Any) -> None:
    """Writes indented JSON atomically."""
    write_bytes(path, (json.dumps(content, indent=2) + "\n").encode())


def remove_partial_files(folder: Path) -> None:
    """Removes the leftovers of killed writers from a folder."""
    for partial in folder.glob(f"{PARTIAL_PREFIX}*"):
        partial.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def default_cache_dir() -> Path:
    """Returns `$XDG_CACHE_HOME/tf-infomax`, or `~/.cache/tf-infomax` where that variable is not set."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tf-infomax"


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Locks a path for writing among the processes of this machine, waiting for its turn.

    A file beside the path carries the lock; a process that dies releases it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sha256_of(path: Path) -> str:
    """Returns the SHA-256, in hexadecimal, of a file or of all files of a folder.

    That of a folder is the digest of the lines `DIGEST  RELATIVE/PATH`, in the order of the paths: what `sha256sum`
    prints for the files.

    Raises:
        OSError: There is nothing at that path, or it cannot be read.
    """
    if not path.is_dir():
        return _sha256_of_file(path)
    names = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    lines = [f"{_sha256_of_file(path / name)}  {name}\n" for name in names]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def is_intact_archive(path: Path) -> bool:
    """Whether a path is a file in ZIP format, such as `.keras`, whose parts have their checksums."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error):
        return False


def _sha256_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()
