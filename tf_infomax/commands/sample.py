"""Draws a grid of samples of a finished run: tf-infomax sample RUN --output grid.png.

A class-conditional run has a row for each class, all from the same latents; points are drawn as dots in the plane.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax.commands import program as _program


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    output: Path
    """PNG file to write."""
    num_images: int | None = None
    """Number of samples; 64 images or 2,500 points if none."""
    seed: int = 0
    """Seed of the latents."""
    classes: tuple[int, ...] | None = None
    """Classes of the rows, for a conditional run; all if none, or ten of many."""
    overwrite: bool = False
    """Replace the file if it exists."""


def run(arguments: Arguments) -> None:
    """Samples and draws."""
    if not arguments.overwrite:
        _program.check_new(arguments.output)
    from tf_infomax.callbacks.sample_grids import sample_grid
    from tf_infomax.images import write_png
    from tf_infomax.runs.directory import RunDirectory

    gan = RunDirectory(arguments.run).load_gan()
    write_png(
        arguments.output,
        sample_grid(gan, num_images=arguments.num_images, seed=arguments.seed, classes=arguments.classes),
    )
    print(f"Samples: {arguments.output}")


def main(argv: Sequence[str], *, program: str = "tf-infomax sample") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
