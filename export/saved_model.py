"""Exports what a run has trained for TensorFlow Serving: python -m export.saved_model RUN --output DIR --version 1.

Of a GAN the generator, of Deep InfoMax the encoder.
"""

from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax.commands import command_line
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.serving import export_model


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    output: Path
    """Folder of all versions of the model."""
    version: int = 1
    """Number of this version."""


def main(arguments: Arguments) -> None:
    """Exports."""
    run = RunDirectory(arguments.run)
    target = export_model(run.load_model(), arguments.output, version=arguments.version, origin=run.origin())
    print(f"SavedModel: {target}")
    print(f"Next: python -m export.verify {target}")


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
