"""The log of a run: what happened in it and when, beside what goes to the screen."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

LOGGER = logging.getLogger("tf_infomax")
"""Logger of the package: notices are information, what asks for attention is a warning."""


@contextlib.contextmanager
def logged_to(path: Path) -> Iterator[None]:
    """Appends the package's notices and warnings to a file for the length of the block, and how the block ends.

    Warnings go to standard error, too, as they do outside.
    """
    level, handlers = LOGGER.level, [_file(path), *([] if LOGGER.hasHandlers() else [_screen()])]
    LOGGER.setLevel(logging.INFO)
    for handler in handlers:
        LOGGER.addHandler(handler)
    try:
        yield
    except BaseException as error:
        LOGGER.info("ended by %s: %s", type(error).__name__, error)
        raise
    finally:
        LOGGER.setLevel(level)
        for handler in handlers:
            LOGGER.removeHandler(handler)
            handler.close()


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
