"""Trains, measures, watches and serves GANs and encoders that learn by information maximisation.

usage: tf-infomax COMMAND [arguments]
"""

import contextlib
import importlib
import io
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import tyro

import tf_infomax
from tf_infomax import compat
from tf_infomax.commands import program
from tf_infomax.errors import check_choice

PROGRAM = "tf-infomax"
COMPLETION = "--tyro-print-completion"


class Command(NamedTuple):
    """A sub-command: a module with `main`, imported on use."""

    module: str
    summary: str


COMMANDS: Mapping[str, Command] = {
    "quickstart": Command("quickstart", "does everything once, small: trains, measures, exports, verifies"),
    "prepare": Command("prepare", "writes your images as a dataset that presets read by name"),
    "train": Command("train", "trains a preset; the same command continues an interrupted run"),
    "launch": Command("launch", "trains with several workers on this machine"),
    "evaluate": Command("evaluate", "measures generated samples: those of a run, or of any other program"),
    "sample": Command("sample", "draws samples of a finished run: a grid, single images or arrays"),
    "project": Command("project", "finds latents of given images, whose images are near them"),
    "probe": Command("probe", "measures what an encoder or a discriminator has learned to see"),
    "save-preset": Command("save_preset", "saves a finished run as a model to start from"),
    "export": Command("export", "writes a SavedModel for TensorFlow Serving, or ONNX, LiteRT or OpenVINO"),
    "verify": Command("verify", "compares a SavedModel with the run it came from"),
    "serve": Command("serve", "serves a SavedModel on this machine, to try it, with a page that draws"),
    "request": Command("request", "asks a server for images: TensorFlow Serving, or `serve`"),
    "import-mimicry": Command("import_mimicry", "converts checkpoints of the InfoMax-GAN authors' library"),
    "reproduce": Command("reproduce", "makes a table of results again"),
    "benchmark": Command("benchmark", "times training steps and the input pipeline"),
}
"""The sub-commands by name."""


def usage() -> str:
    """Returns the list of commands."""
    width = max(map(len, COMMANDS))
    rows = [f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            f"usage: {PROGRAM} COMMAND [arguments]",
            "",
            (__doc__ or "").splitlines()[0],
            "",
            "commands:",
            *rows,
            "",
            f"{PROGRAM} COMMAND --help explains a command, {PROGRAM} --version prints the version, and",
            f"{PROGRAM} {COMPLETION} bash (or zsh, fish) prints a script that completes command lines.",
        ]
    )


def run(argv: Sequence[str]) -> None:
    """Runs a command line; raises an InputError if there is no such command."""
    if not argv or argv[0] in ("-h", "--help"):
        print(usage())
        sys.exit(0 if argv else program.INPUT_ERROR_STATUS)
    name, *rest = argv
    if name == "--version":
        print(f"{PROGRAM} {tf_infomax.__version__}")
    elif name == COMPLETION:
        print_completion(argv)
    else:
        check_choice("COMMAND", name, COMMANDS)
        module(COMMANDS[name]).main(rest, program=f"{PROGRAM} {name}")


def module(command: Command):
    """Imports the module of a command."""
    return importlib.import_module(f"tf_infomax.commands.{command.module}")


def print_completion(argv: Sequence[str]) -> None:
    """Prints the script by which a shell completes commands, presets and options."""
    subcommands = {name: module(command).Arguments for name, command in COMMANDS.items() if name != "train"}
    subcommands["train"] = importlib.import_module("tf_infomax.commands.completion").TrainArguments
    script = io.StringIO()
    try:
        with contextlib.redirect_stdout(script):
            tyro.extras.subcommand_cli_from_dict(subcommands, prog=PROGRAM, args=list(argv))
    finally:
        print(compat.one_line_descriptions(script.getvalue()), end="")


def main() -> None:
    """The console script."""
    with program.program_output():
        run(sys.argv[1:])
