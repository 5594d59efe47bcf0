"""What all programs share: parsing arguments, and one line instead of a traceback for wrong input."""

import contextlib
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import absl.logging
import tensorflow as tf
import tyro

from tf_infomax.errors import Diverged, InputError

Arguments = TypeVar("Arguments")

INPUT_ERROR_STATUS = 2


def run_program(main: Callable[[Arguments], None], arguments: type[Arguments]) -> NoReturn:
    """Parses `sys.argv` into a dataclass, runs a program on it and exits.

    `--help` shows the docstring of the program's module.
    """
    with program_output():
        main(parse(arguments, doc=sys.modules[main.__module__].__doc__))
    sys.exit(0)


def parse(
    arguments: type[Arguments],
    *,
    doc: str | None,
    argv: Sequence[str] | None = None,
    default: Arguments | None = None,
    program: str | None = None,
) -> Arguments:
    """Parses a command line (`sys.argv` if None) into a dataclass; the fields of nested ones need no prefix.

    Raises:
        InputError: The command line does not parse, or a value in it is refused.
    """
    config = (tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes, tyro.conf.FlagCreatePairsOff)
    keywords: dict[str, Any] = {} if default is None else {"default": default}
    errors = io.StringIO()
    try:
        with contextlib.redirect_stderr(errors):
            return tyro.cli(arguments, args=argv, description=doc, config=config, prog=program, **keywords)
    except SystemExit as exit_:
        if not exit_.code:
            raise
        raise InputError(_one_line(errors.getvalue())) from None


def _one_line(box: str) -> str:
    """Returns the message in tyro's box of text, which wraps lines and ends with a pointer to `--help`."""
    rows = [row.strip("─│╭╮╰╯ \n") for row in box.splitlines()]
    title, *message = [row for row in rows if row]
    text = " ".join(message).split("For full helptext")[0].strip()
    text = re.sub(r"^Error parsing [\w-]+: ", "", text)
    return text if title == "Value error" else f"{title}: {text}"


def check_new(path: Path) -> None:
    """Raises an InputError if a file that a program is to write is there already."""
    if path.exists():
        raise InputError(f"{path} exists already; pass --overwrite to replace it.")


@contextlib.contextmanager
def program_output() -> Iterator[None]:
    """Turns wrong input and a training astray into one line on standard error, and keeps libraries' notes away."""
    # Deprecations inside TensorFlow and TF-GAN are not for the users of a program.
    tf.get_logger().setLevel("ERROR")
    absl.logging.set_verbosity(absl.logging.ERROR)
    try:
        yield
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(INPUT_ERROR_STATUS)
    except Diverged as error:
        print(f"\nerror: {error}", file=sys.stderr)
        sys.exit(1)
