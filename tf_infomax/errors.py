"""Errors of this package, and checks of arguments that several parts share."""

import errno
import math
import os
from collections.abc import Iterable
from pathlib import Path


class InputError(ValueError):
    """The caller passed something that cannot be used; the message is one sentence for people.

    Programs print it as one line and exit with status 2; in Python it is an ordinary `ValueError`.
    """


class NotFinite(InputError):
    """A generator drew samples with values that are not finite: its weights are of no use.

    While a run trains it becomes `Diverged`.
    """


class Diverged(ArithmeticError):
    """Training produced numbers that are not finite.

    Programs print it as one line and exit with status 1.
    """


class NotWritten(OSError):
    """A file or folder could not be written; what was at its place before is still there.

    Programs print it as one line and exit with status 1.

    Args:
        path: The file or folder.
        number: The system's number of the problem, such as `errno.ENOSPC`.
    """

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(number, os.strerror(number), str(path))

    def __str__(self) -> str:
        return f"{self.filename} cannot be written: {self.strerror}"


def first_line(error: BaseException) -> str:
    """Returns the kind of an error and the first line of its message, for a sentence about it."""
    return f"{type(error).__name__}: {str(error).strip()}".splitlines()[0]


_DISK_PROBLEMS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.ESTALE,
    errno.ENAMETOOLONG,
    errno.EMFILE,
    errno.ENFILE,
)
_IN_WORDS = {os.strerror(number): number for number in _DISK_PROBLEMS}
_MASKS = (OSError, ValueError, RuntimeError)
"""Errors that closing a file raises after writing to it has failed."""


def disk_problem(error: BaseException) -> int | None:
    """Returns the number of the problem behind an error that comes from a disk: full, read-only, damaged, too busy.

    TensorFlow's errors have the system's words in their texts. An error while closing a file hides the first one.

    Returns:
        A number such as `errno.ENOSPC`; None for any other error.
    """
    if isinstance(error, InputError):
        return None
    if isinstance(error, OSError) and error.errno in _DISK_PROBLEMS:
        return error.errno
    if words := next((words for words in _IN_WORDS if words in str(error)), None):
        return _IN_WORDS[words]
    before = error.__cause__ or (error.__context__ if isinstance(error, _MASKS) else None)
    return None if before is None else disk_problem(before)


def check_choice(name: str, value: object, choices: Iterable[object]) -> None:
    """Raises an InputError that lists the choices if an argument is none of them."""
    choices = list(choices)
    if value not in choices:
        raise InputError(f"`{name}` must be one of {', '.join(map(str, choices))}. Received: {value}")


def check_finite(**numbers: object) -> None:
    """Raises an InputError that names the first number that is infinite or NaN; what is no number passes."""
    for name, number in numbers.items():
        if isinstance(number, int | float) and not math.isfinite(number):
            raise InputError(f"`{name}` must be finite. Received: {number}")


def check_positive(**numbers: float) -> None:
    """Raises an InputError that names the first number that is not positive; an integer must be at least 1."""
    check_finite(**numbers)
    for name, number in numbers.items():
        if not number > 0:
            bound = "at least 1" if isinstance(number, int) else "positive"
            raise InputError(f"`{name}` must be {bound}. Received: {number}")
