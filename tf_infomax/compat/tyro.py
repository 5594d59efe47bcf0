"""tyro: help texts and completion scripts."""

import functools
import importlib
import re
from typing import Any

# ---------------------------------------------------------------------------------------------------------------------
# tyro: `compact_help` gives every option one line and leaves its description out
#
# A line is enough for the first clause of it. The full text is behind `--help-verbose`.
#
# Remove when tyro's compact help shows descriptions (1.0.17 does not).
# ---------------------------------------------------------------------------------------------------------------------


@functools.cache
def describe_options_in_compact_help() -> None:
    """Makes tyro's compact help show the first clause of each option's description."""
    arguments: Any = importlib.import_module("tyro._arguments")
    text = importlib.import_module("tyro._fmtlib").text
    original = arguments.generate_argument_helptext

    def with_first_clause(argument: Any, lowered: Any, compact: bool = False) -> Any:
        hint, description = original(argument, lowered, compact), argument.field.helptext
        description = description() if callable(description) else description
        if not compact or not description:
            return hint
        clause = re.split(r"[.;:] ", " ".join(description.split()))[0].removesuffix(".")
        return text(text["dim"](f"{clause}."), " ", hint)

    arguments.generate_argument_helptext = with_first_clause


# ---------------------------------------------------------------------------------------------------------------------
# tyro: a description of several lines breaks the completion of its option
#
# The script hands each description to the shell as it is, and the shell takes every line of it for a completion.
#
# Remove when tyro's scripts join the lines of descriptions (1.0.17 does not).
# ---------------------------------------------------------------------------------------------------------------------


def one_line_descriptions(script: str) -> str:
    """Joins the lines of all descriptions in a completion script of tyro."""
    lines = script.splitlines(keepends=True)
    return "".join(line.replace("\\n", " ") if line.startswith("COMPLETION_SPEC = ") else line for line in lines)
