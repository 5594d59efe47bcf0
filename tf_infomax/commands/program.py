"""Common parts of programs: parsing of arguments, and one-line errors instead of tracebacks."""

import codecs
import contextlib
import gc
import io
import os
import re
import shutil
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO, TypeVar

import tyro

from tf_infomax import compat
from tf_infomax.errors import Diverged, InputError, NotWritten, disk_problem

Arguments = TypeVar("Arguments")

INPUT_ERROR_STATUS = 2
_NEW_OBJECTS = 10_000
"""Objects made between two collections of garbage."""
WIDTH = 120
"""Columns of help texts outside a terminal."""

_CONFIG = (tyro.conf.FlagCreatePairsOff, tyro.conf.AvoidSubcommands)


def main(
    run: Callable[[Arguments], None],
    arguments: type[Arguments],
    argv: Sequence[str],
    *,
    program: str,
    doc: str | None,
    default: Arguments | None = None,
) -> None:
    """Parses a command line into a dataclass and runs a program on it, without TensorFlow's notes."""
    parsed = parse(arguments, argv, program=program, doc=doc, default=default)
    start_tensorflow()
    run(parsed)


def parse(
    arguments: type[Arguments],
    argv: Sequence[str],
    *,
    program: str,
    doc: str | None,
    default: Arguments | None = None,
) -> Arguments:
    """Parses a command line into a dataclass.

    Raises:
        InputError: The command line does not parse, or a value in it is refused.
    """
    keywords: dict[str, Any] = {} if default is None else {"default": default}
    output, errors = _Output(sys.stdout), io.StringIO()
    compat.describe_options_in_compact_help()
    try:
        with _wide_enough(), contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            return tyro.cli(
                arguments, args=argv, description=doc, config=_CONFIG, prog=program, compact_help=True, **keywords
            )
    except SystemExit as exit_:
        if not exit_.code:
            print(_wrapped(output.getvalue()))
            raise
        raise InputError(_one_line(errors.getvalue())) from None


class _Output(io.StringIO):
    """What would go to a stream, written as for that stream: a terminal has colours, and some encodings boxes."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return codecs.lookup(self._stream.encoding or "ascii").name  # tyro asks for "utf-8", not "UTF-8".

    def isatty(self) -> bool:
        return self._stream.isatty()


def _wrapped(help_text: str) -> str:
    """Breaks the lines of the description between words; tyro has each of its paragraphs on one line."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    return "\n".join(_broken(line, width) for line in help_text.rstrip().splitlines())


def _broken(line: str, width: int) -> str:
    if len(line) <= width or not line.isprintable():  # Colours have no width.
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 2) if line[0].isspace() else ""
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False)


@contextlib.contextmanager
def _wide_enough() -> Iterator[None]:
    """Sets lines of `WIDTH` columns for help texts that go to a file or a pager."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        yield
        return
    os.environ["COLUMNS"] = str(max(WIDTH, shutil.get_terminal_size().columns))
    try:
        yield
    finally:
        del os.environ["COLUMNS"]


def _one_line(box: str) -> str:
    """Returns the message in tyro's box of text, which wraps lines and ends with a pointer to `--help`."""
    rows = [row.strip("─│╭╮╰╯| \n") for row in box.splitlines()]
    title, *message = [row for row in rows if row.strip("-+")]
    text = " ".join(message).split("For full helptext")[0].strip()
    text = re.sub(r"^Error parsing [\w-]+: ", "", text)
    return text if title == "Value error" or text.startswith(title) else f"{title}: {text}"


def check_new(*paths: Path) -> None:
    """Raises an InputError if an output file already exists."""
    for path in paths:
        if path.exists():
            raise InputError(f"{path} exists already; pass --overwrite to replace it.")


def start_tensorflow() -> None:
    """Imports TensorFlow without its notes on CPU features and missing GPUs."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _few_collections():
        compat.import_tensorflow()
    import absl.logging
    import tensorflow as tf

    # Deprecations inside TensorFlow and TF-GAN are hidden, too.
    tf.get_logger().setLevel("ERROR")
    absl.logging.set_verbosity(absl.logging.ERROR)


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Leaves imports, of which nothing is garbage, out of collections of garbage, which take a fifth of their time.

    Later collections, too, are rarer than Python's 700 new objects apart: a traced step is tens of thousands.
    """
    if "tensorflow" in sys.modules:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS)
        gc.enable()


@contextlib.contextmanager
def program_output() -> Iterator[None]:
    """Turns errors that are no mistakes of this library into one line on standard error and an exit status.

    They are wrong input, a folder in the place of a file or the reverse, diverged training, a disk that is full,
    read-only or damaged, and interruption.
    """
    try:
        yield
        sys.stdout.flush()
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(INPUT_ERROR_STATUS)
    except Diverged as error:
        print(f"\nerror: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print(f"\nStopped by {signal.SIGINT.name}.", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)
    except BrokenPipeError:
        # The reader, such as `head`, has gone.
        _silence_output()
        sys.exit(128 + signal.SIGPIPE)
    except (IsADirectoryError, NotADirectoryError, FileExistsError) as error:
        if error.filename is None:
            raise
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        sys.exit(INPUT_ERROR_STATUS)
    except Exception as error:
        if (number := disk_problem(error)) is None:
            raise
        _silence_output()
        with contextlib.suppress(OSError):  # Standard error may be a file on the same disk.
            print(f"\nerror: {_of_disk(error, number)}", file=sys.stderr)
        sys.exit(1)


def _of_disk(error: Exception, number: int) -> str:
    """Returns one line on a problem of the disk, with the file where it is known."""
    if isinstance(error, NotWritten):
        return f"{error}; what was there before is kept"
    if isinstance(error, OSError):
        return ": ".join(str(part) for part in (error.filename, os.strerror(number)) if part is not None)
    # TensorFlow's messages begin with the name of a node, and go on after the words of the system.
    before = str(error).split(os.strerror(number))[0].splitlines()[-1].rpartition("}} ")[2]
    return f"{before}{os.strerror(number)}"


def _silence_output() -> None:
    """Leaves nothing for Python to flush to standard output at the end, where it would fail once more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def exit_on_interrupt(advice: str) -> Iterator[None]:
    """Ends a program on SIGINT (Ctrl-C) with one line of advice and the signal's status."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"\nStopped by {signal.SIGINT.name}. {advice}", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)


def run_module(command: Callable[..., None], program: str) -> None:
    """Runs a command as `python -m MODULE` does: on `sys.argv`, under the name `program`."""
    with program_output():
        command(sys.argv[1:], program=program)
