"""Trains a GAN: python -m trainers.gan PRESET --run-dir RUN [overrides].

The same command on the same directory continues a run that was interrupted.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tf_infomax.callbacks import FINAL_GRID
from tf_infomax.commands import command_line
from tf_infomax.commands.preset_command import PresetCommand
from tf_infomax.metrics import default_features
from tf_infomax.presets import (
    PAIRS,
    PRESETS,
    PROTOCOL,
    GANPreset,
    check_overrides,
    published_variants,
)
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.execution import exit_when_interrupted
from tf_infomax.runs.training import RunOptions, train

PROGRAM = "python -m trainers.gan"


@dataclass(frozen=True)
class Arguments:
    """Command line after the preset's name."""

    run_dir: Path
    """Directory of the run."""
    preset: GANPreset
    execution: RunOptions = field(default_factory=RunOptions)


def _heading(preset: GANPreset) -> str:
    size = "points" if preset.image_size is None else f"{preset.image_size} px"
    return f"dataset {preset.dataset}, split {preset.split}, {size}"


COMMAND = PresetCommand(
    PROGRAM,
    __doc__ or "",
    presets=PRESETS,
    pairs=PAIRS,
    heading=_heading,
    protocol=PROTOCOL,
    variants=published_variants,
)


def main(argv: list[str]) -> None:
    """Trains what a command line asks for."""
    name, arguments = COMMAND.parse(Arguments, argv)
    check_overrides(name, arguments.preset)
    run(name, arguments)


def run(name: str, arguments: Arguments) -> None:
    """Trains, and says how to go on when a signal stops it."""
    with exit_when_interrupted(arguments.preset.steps):
        train(arguments.preset, arguments.run_dir, name=name, options=arguments.execution)
    directory = RunDirectory(arguments.run_dir)
    print(f"Model: {directory.gan_path}\nSamples: {directory.samples / FINAL_GRID}")
    needs_choice = arguments.preset.image_size is not None and not default_features(arguments.preset.dataset)
    features = " --features inception" if needs_choice else ""
    print(f"Next: python -m trainers.evaluate {arguments.run_dir}{features}")


if __name__ == "__main__":
    with command_line.program_output():
        main(sys.argv[1:])
