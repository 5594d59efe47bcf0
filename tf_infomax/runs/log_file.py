"""The log of a run: what happened in it and when, beside what goes to the screen."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

LOGGER = logging.getLogger("tf_infomax")
"""Logger of the package: notices are information, what asks for attention is a warning."""


@contextlib.contextmanager
def logged_to(path: Path, *, earlier: Iterable[logging.LogRecord] = ()) -> Iterator[None]:
    """Appends the package's notices and warnings to a file for the length of the block, and how the block ends.

    Warnings go to standard error, too, as they do outside.

    Args:
        path: The file.
        earlier: What was `noted` before there was a file; it comes first.
    """
    file = _file(path)
    for record in earlier:
        file.handle(record)
    with _handled_by(file, level=logging.INFO):
        try:
            yield
        except BaseException as error:
            LOGGER.info("ended by %s: %s", type(error).__name__, error)
            raise


@contextlib.contextmanager
def noted() -> Iterator[list[logging.LogRecord]]:
    """Collects the package's warnings of the block for a log that is not open yet."""
    notes = _Notes()
    with _handled_by(notes, level=LOGGER.level):
        yield notes.records


@contextlib.contextmanager
def _handled_by(handler: logging.Handler, *, level: int) -> Iterator[None]:
    before, handlers = LOGGER.level, [handler, *([] if LOGGER.hasHandlers() else [_screen()])]
    LOGGER.setLevel(level)
    for one in handlers:
        LOGGER.addHandler(one)
    try:
        yield
    finally:
        LOGGER.setLevel(before)
        for one in handlers:
            LOGGER.removeHandler(one)
            one.close()


class _Notes(logging.Handler):
    """Keeps records."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one."""
        self.records.append(record)


class _LogFile(logging.FileHandler):
    """A log that says nothing when it cannot be written: what else cannot be says so, in one line."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Does nothing."""


def _file(path: Path) -> logging.Handler:
    handler = _LogFile(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    return handler


def _screen() -> logging.Handler:
    """Returns what Python does with warnings where no handler is: a plain line on standard error."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    return handler
