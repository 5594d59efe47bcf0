"""Trains an encoder by Deep InfoMax: python -m trainers.deep_infomax PRESET --run-dir RUN [overrides].

The same command on the same directory continues a run that was interrupted.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tf_infomax.commands import command_line
from tf_infomax.commands.preset_command import PresetCommand
from tf_infomax.presets import (
    ENCODER_PAIRS,
    ENCODER_PRESETS,
    ENCODER_PROTOCOL,
    EncoderPreset,
    check_encoder_overrides,
    published_encoder_variants,
)
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.encoder_training import train_encoder
from tf_infomax.runs.execution import ExecutionOptions, exit_when_interrupted

PROGRAM = "python -m trainers.deep_infomax"


@dataclass(frozen=True)
class Arguments:
    """Command line after the preset's name."""

    run_dir: Path
    """Directory of the run."""
    preset: EncoderPreset
    execution: ExecutionOptions = field(default_factory=ExecutionOptions)


def _heading(preset: EncoderPreset) -> str:
    crops = "" if preset.source_size is None else f", random crops of {preset.source_size} px"
    return f"dataset {preset.dataset}, split {preset.split}, {preset.image_size} px{crops}"


COMMAND = PresetCommand(
    PROGRAM,
    __doc__ or "",
    presets=ENCODER_PRESETS,
    pairs=ENCODER_PAIRS,
    heading=_heading,
    protocol=ENCODER_PROTOCOL,
    variants=published_encoder_variants,
)


def main(argv: list[str]) -> None:
    """Trains what a command line asks for."""
    name, arguments = COMMAND.parse(Arguments, argv)
    check_encoder_overrides(name, arguments.preset)
    run(name, arguments)


def run(name: str, arguments: Arguments) -> None:
    """Trains, and says how to go on when a signal stops it."""
    with exit_when_interrupted(arguments.preset.steps):
        train_encoder(arguments.preset, arguments.run_dir, name=name, options=arguments.execution)
    print(f"Model: {RunDirectory(arguments.run_dir).encoder_path}")


if __name__ == "__main__":
    with command_line.program_output():
        main(sys.argv[1:])
