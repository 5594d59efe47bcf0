"""Locks between processes, by one file each."""

import contextlib
import errno
import fcntl
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tf_infomax.errors import InputError

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)

_UNKNOWN = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
"""What a file system answers that knows of no locks."""


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds a lock while the block runs, against other processes and on other hosts as far as the file system has it.

    The file is removed at the end; one that a killed process left behind is no obstacle, as its lock died with the
    process. A file system without locks gets a notice, and the block runs.

    Args:
        path: The lock's file, which is for nothing else; its folder is created.
        wait: Whether to wait for another holder.

    Raises:
        BlockingIOError: Another process holds the lock, and `wait` is false.
    """
    with _taken(path, wait=wait):
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                path.unlink()


@contextlib.contextmanager
def locked_or_refused(path: Path, refusal: str) -> Iterator[None]:
    """Holds a lock while the block runs, without waiting for another holder.

    Args:
        path: The lock's file.
        refusal: What an error says if another process holds the lock.

    Raises:
        InputError: Another process holds it.
    """
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(locked(path, wait=False))
        except BlockingIOError as error:
            raise InputError(refusal) from error
        yield


def _taken(path: Path, *, wait: bool) -> IO[str]:
    """Opens and locks a file until it is the one at its path: the holder before may have removed it meanwhile.

    With it may have gone a folder that the holder before had made.
    """
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("a")
        except FileNotFoundError:
            continue
        try:
            _flock(file, wait=wait)
            if _is_at(file, path):
                return file
        except BaseException:
            file.close()
            raise
        file.close()


def _flock(file: IO[str], *, wait: bool) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno not in _UNKNOWN:
            raise
        _logger.warning("warning: %s cannot be locked (%s); let no other process write there", file.name, error)


def _is_at(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def lock_beside(path: Path) -> Path:
    """Returns the lock's file for a file or folder that is written whole, such as `cache.lock` for `cache`."""
    return path.with_name(f"{path.name}.lock")
