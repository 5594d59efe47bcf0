"""Errors that end a program in one line, and those that do not."""

import errno
from pathlib import Path

import pytest

from tf_infomax.commands import program
from tf_infomax.errors import NotWritten

OF_TENSORFLOW = RuntimeError(
    "{{function_node __wrapped__Flush}} RUN/logs/events.v2; No space left on device\n\tFailed to flush 1 events"
)


@pytest.mark.parametrize(
    "error, line",
    [
        (
            NotWritten(Path("RUN/gan.keras"), errno.ENOSPC),
            "RUN/gan.keras cannot be written: No space left on device; what was there before is kept",
        ),
        (OSError(errno.EROFS, "Read-only file system", "RUN/.lock"), "RUN/.lock: Read-only file system"),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
        (OF_TENSORFLOW, "RUN/logs/events.v2; No space left on device"),
    ],
)
def test_a_problem_of_the_disk_is_one_line(error, line, capfd):
    with pytest.raises(SystemExit) as exit_, program.program_output():
        raise error
    assert exit_.value.code == 1
    assert capfd.readouterr().err.strip() == f"error: {line}"


def test_standard_error_may_be_on_the_same_disk(monkeypatch):
    class Full:
        def write(self, text):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sys.stderr", Full())
    with pytest.raises(SystemExit) as exit_, program.program_output():
        raise NotWritten(Path("RUN/gan.keras"), errno.ENOSPC)
    assert exit_.value.code == 1


@pytest.mark.parametrize("error", [ValueError("a mistake"), KeyError("x"), FileNotFoundError(errno.ENOENT, "no file")])
def test_mistakes_of_the_library_keep_their_traceback(error):
    with pytest.raises(type(error)), program.program_output():
        raise error
