"""Trains a preset: tf-infomax train PRESET --run-dir RUN [overrides].

The same command on the same directory continues a run that was interrupted. With --from-preset ADDRESS, and no PRESET
before it, training goes by the settings of the saved model that it starts from.
"""

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from tf_infomax.commands import preset_list
from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError
from tf_infomax.presets import Preset, check_preset_name
from tf_infomax.presets.places import preset_of
from tf_infomax.runs.options import RunOptions

PROGRAM = "tf-infomax train"
_Unprefixed = tyro.conf.arg(name="")
_HELP = ("-h", "--help", "-H", "--help-verbose")


@dataclass(frozen=True)
class Arguments:
    """Command line after the preset's name."""

    run_dir: Path
    """Directory of the run."""
    preset: Annotated[Preset, _Unprefixed]
    options: Annotated[RunOptions, _Unprefixed]


def main(argv: Sequence[str], *, program: str = PROGRAM) -> None:
    """Trains the preset of a command line; without a preset or a saved model it prints the list of presets."""
    name, arguments = parse(argv, program=program)
    run(name, arguments)


def parse(argv: Sequence[str], *, program: str = PROGRAM) -> tuple[str, Arguments]:
    """Reads the name of a preset and the rest of a command line.

    Raises:
        InputError: There is no such preset or saved model, or the command line does not parse.
    """
    saved = _saved_model(argv)
    if saved is not None:
        (name, preset), rest = _recipe(saved), list(argv)
    elif not argv or argv[0] in _HELP:
        print(preset_list.usage(program, __doc__ or ""))
        sys.exit(0 if argv else _program.INPUT_ERROR_STATUS)
    elif argv[0].startswith("-"):
        raise InputError(f"Expected the name of a preset first, see {program} --help. Received: {argv[0]}")
    else:
        name, *rest = argv
        preset = find_preset(name)
    from tf_infomax.runs.tasks import task_of

    options = task_of(preset.model.builds).default_options()
    default: Any = Arguments(run_dir=tyro.MISSING, preset=preset, options=options)
    doc = preset_list.description(name, preset)
    parsed = _program.parse(Arguments, rest, doc=doc, default=default, program=f"{program} {name}")
    return name, _with_split(parsed, preset, rest)


def _saved_model(argv: Sequence[str]) -> str | None:
    """Returns the address of the saved model by whose settings a command line trains; None if it names a preset."""
    if not argv or not argv[0].startswith("-"):
        return None
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--from-preset", "--from_preset", nargs="?", const="")
    address: str | None = parser.parse_known_args(argv)[0].from_preset
    if address == "":
        raise InputError("--from-preset must be followed by the address of a saved model. Received: nothing")
    return address


def _recipe(address: str) -> tuple[str, Preset]:
    _program.start_tensorflow()
    from tf_infomax.runs.start import recipe_of

    return recipe_of(address)


def find_preset(name: str) -> Preset:
    """Returns the preset of a name, or of an import path such as `my_package.presets:SSGAN_WITH_MINE`.

    Raises:
        InputError: There is none.
    """
    if ":" not in name:
        check_preset_name(name)  # before TensorFlow is imported
    _program.start_tensorflow()
    return preset_of(name)


def _with_split(arguments: Arguments, preset: Preset, argv: Sequence[str]) -> Arguments:
    """Replaces the split by `"train"` for another dataset, unless a split is given."""
    same = arguments.preset.data.dataset == preset.data.dataset
    if same or any(text.startswith("--split") for text in argv):
        return arguments
    return dataclasses.replace(arguments, preset=arguments.preset.override({"split": "train"}))


def run(name: str, arguments: Arguments) -> None:
    """Trains, and says how to continue when a signal stops it."""
    from tf_infomax import distribution
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.execution import exit_when_interrupted
    from tf_infomax.runs.tasks import task_of
    from tf_infomax.runs.training import train

    preset, run = arguments.preset, RunDirectory(arguments.run_dir)
    with exit_when_interrupted():
        model = train(preset, run.path, name=name, options=arguments.options)
    if distribution.is_chief(model.distribute_strategy):
        print(task_of(preset.model.builds).report(run, preset))
