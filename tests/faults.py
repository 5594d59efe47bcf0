"""Failures of a disk: at the k-th operation of a save, or from a file size on."""

import builtins
import contextlib
import errno
import io
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

tempfile.gettempdir()  # Finding it out writes a file once.

OPERATIONS = ("fsync", "replace", "mkdir")
"""Functions of `os` that count, besides opening a file to write it and each write to it."""


class Disk:
    """A disk on which the k-th operation fails, half done where it is a write; the next ones succeed.

    Args:
        fails_at: Number of the operation, from 0; None for a disk that counts only.
        fails_on: Name of a file whose first move into place fails; none if None.
        number: The system's number of the problem.
    """

    def __init__(self, fails_at: int | None = None, *, fails_on: str | None = None, number: int = errno.ENOSPC) -> None:
        self.fails_at = fails_at
        self.fails_on = fails_on
        self.number = number
        self.operations: list[str] = []

    @property
    def done(self) -> list[str]:
        """The operations before the one that failed."""
        return self.operations[: self.fails_at]

    def step(self, name: str, path: object, *, half: Callable[[], Any] = lambda: None) -> None:
        """Counts an operation, and fails if it is the one that does."""
        self.operations.append(f"{name} {Path(path).name if isinstance(path, str | Path) else ''}")
        if self.fails_at is None and name == "replace" and str(path).endswith(f"-{self.fails_on}"):
            self.fails_at = len(self.operations) - 1
        if len(self.operations) - 1 == self.fails_at:
            half()
            raise OSError(self.number, os.strerror(self.number), str(path))

    @contextlib.contextmanager
    def mounted(self) -> Iterator["Disk"]:
        """Puts the disk below Python's functions of files."""
        with pytest.MonkeyPatch.context() as patch:
            for name in OPERATIONS:
                patch.setattr(os, name, self._counted(name, getattr(os, name)))
            opened = self._opened(io.open)
            patch.setattr(io, "open", opened)
            patch.setattr(builtins, "open", opened)
            yield self

    def _counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            if not (name == "mkdir" and os.path.isdir(arguments[0])):  # Python ignores why that one cannot be made.
                self.step(name, arguments[0])
            return function(*arguments, **options)

        return counted

    def _opened(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def opened(path: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
            if not set(mode) & set("wax+") or os.path.isdir(path):  # A folder is opened for a file without a name.
                return function(path, mode, *arguments, **options)
            self.step("open", path)
            return _CountedFile(self, path, function(path, mode, *arguments, **options))

        return opened


class _CountedFile:
    """A file whose writes count."""

    def __init__(self, disk: Disk, path: object, file: Any) -> None:
        self._disk, self._path, self._file = disk, path, file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_CountedFile":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def write(self, content: Any) -> int:
        self._disk.step("write", self._path, half=lambda: self._file.write(content[: len(content) // 2]))
        return self._file.write(content)


@contextlib.contextmanager
def no_file_above(num_bytes: int) -> Iterator[None]:
    """Lets all writes beyond a size fail, those of libraries in C too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def every_failure(save: Callable[[], Any], *, number: int = errno.ENOSPC) -> Iterator[Disk]:
    """Makes a save again and again, and lets its first, second, ... last operation fail.

    Yields:
        The disk after each failed save.
    """
    k = 0
    while True:
        disk = Disk(k, number=number)
        with disk.mounted():
            try:
                save()
            except OSError:
                failed = True
            else:
                failed = False
        if not failed:
            assert len(disk.operations) <= k  # No failure was swallowed.
            return
        yield disk
        k += 1
