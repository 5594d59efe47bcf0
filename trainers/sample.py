"""Draws a grid of samples of a finished run: python -m trainers.sample RUN --output grid.png."""

from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax import command_line
from tf_infomax.callbacks import write_png
from tf_infomax.errors import InputError
from tf_infomax.images import image_grid
from tf_infomax.run_directory import RunDirectory


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    output: Path
    """PNG file to write."""
    num_images: int = 64
    """Number of samples."""
    seed: int = 0
    """Seed of the latents."""
    overwrite: bool = False
    """Replace the file if it exists."""


def main(arguments: Arguments) -> None:
    """Samples and draws."""
    if arguments.output.exists() and not arguments.overwrite:
        raise InputError(f"{arguments.output} exists already; pass --overwrite to replace it.")
    images = RunDirectory(arguments.run).load_gan().generate(arguments.num_images, arguments.seed)
    write_png(arguments.output, image_grid(images))
    print(f"{len(images)} samples in {arguments.output}")


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
