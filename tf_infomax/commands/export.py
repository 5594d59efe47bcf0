"""Exports a finished run for TensorFlow Serving: tf-infomax export RUN --output DIR --version 1.

The export of a GAN is its generator, by its moving average if it has one; that of Deep InfoMax is its encoder. All
signatures check their inputs. The version is written whole or not at all, with requests that warm up a server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from tf_infomax.commands import program as _program


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    output: Path
    """Folder of all versions of the model."""
    version: int | Literal["next"] = 1
    """Number of this version, or `next` for the one after the highest; one that exists is refused."""
    max_rows: int = 1024
    """Largest number of rows of one request; a larger one is refused before anything is drawn."""


def run(arguments: Arguments) -> None:
    """Exports."""
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.tasks import task_of

    directory = RunDirectory(arguments.run)
    model, origin = directory.load_model(), directory.origin()
    target = task_of(type(model)).export(
        model, arguments.output, version=arguments.version, max_rows=arguments.max_rows, origin=origin
    )
    print(f"SavedModel: {target}")
    print(f"Next: tf-infomax verify {target}")


def main(argv: Sequence[str], *, program: str = "tf-infomax export") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
