"""Trains a GAN: python -m trainers.gan PRESET --run-dir RUN [overrides].

The same command on the same directory continues a run that was interrupted.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import tyro

from tf_infomax import command_line
from tf_infomax.presets import PRESETS, GANPreset, preset_named
from tf_infomax.run_directory import RunDirectory
from tf_infomax.training import Interrupted, RunOptions, train

PROGRAM = "python -m trainers.gan"


@dataclass(frozen=True)
class Arguments:
    """Command line after the preset's name."""

    run_dir: Path
    """Directory of the run."""
    preset: GANPreset
    execution: RunOptions = field(default_factory=RunOptions)


def main(argv: list[str]) -> None:
    """Trains what a command line asks for."""
    if not argv or argv[0].startswith("-"):
        print(_usage())
        sys.exit(0 if argv else command_line.INPUT_ERROR_STATUS)
    name = argv[0]
    preset = preset_named(name)
    arguments = command_line.parse(
        Arguments,
        doc=__doc__,
        argv=argv[1:],
        default=Arguments(run_dir=tyro.MISSING, preset=preset),
        program=f"{PROGRAM} {name}",
    )
    run(name, arguments)


def run(name: str, arguments: Arguments) -> None:
    """Trains, and says how to go on when a signal stops it."""
    try:
        train(arguments.preset, arguments.run_dir, name=name, options=arguments.execution)
    except Interrupted as interruption:
        print(
            f"\nStopped by {interruption.signal.name} after step {interruption.step} of {arguments.preset.steps}; "
            "the state is saved. Run the same command again to continue.",
            file=sys.stderr,
        )
        sys.exit(128 + interruption.signal)
    directory = RunDirectory(arguments.run_dir)
    print(f"Model: {directory.model_path}\nSamples: {directory.samples / 'final.png'}")
    print(f"Next: python -m trainers.evaluate {arguments.run_dir}")


def _usage() -> str:
    width = max(map(len, PRESETS))
    rows = [f"  {name:{width}}  {_summary(preset)}" for name, preset in PRESETS.items()]
    return "\n".join(
        [
            f"usage: {PROGRAM} PRESET --run-dir RUN [overrides]",
            "",
            __doc__.strip(),
            "",
            "presets:",
            *rows,
            "",
            f"{PROGRAM} PRESET --help lists what can be overridden.",
        ]
    )


def _summary(preset: GANPreset) -> str:
    published = "".join(f"; published {metric} {value}" for metric, value in preset.published.items())
    return f"{preset.dataset}, {preset.steps} steps ({preset.source}{published})"


if __name__ == "__main__":
    with command_line.program_output():
        main(sys.argv[1:])
