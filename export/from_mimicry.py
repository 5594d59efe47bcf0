"""Converts checkpoints of the authors' library: python -m export.from_mimicry netG.pth netD.pth --output DIR ...

A generator becomes DIR/generator.keras and DIR/saved_model/1, a discriminator DIR/discriminator.keras and
DIR/discriminator_saved_model/1; from both there is also DIR/gan.keras, a compiled GAN that can go on training. Widths,
latents, classes and image channels are read from the tensors. Needs PyTorch: pip install -e ".[torch]".
"""

from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax import mimicry
from tf_infomax.commands import command_line


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    checkpoints: tyro.conf.Positional[tuple[Path, ...]]
    """A generator's .pth file, a discriminator's, or one of each in any order."""
    method: mimicry.MethodName
    """The method that they were trained by."""
    image_size: int
    """Height and width of their images: 32, 48, 64 or 128."""
    output: Path
    """Folder to write; new or empty."""


def main(arguments: Arguments) -> None:
    """Converts."""
    method, image_size = arguments.method, arguments.image_size
    states = mimicry.read_checkpoints(arguments.checkpoints)
    origin = mimicry.origin_of(arguments.checkpoints, method=method, image_size=image_size)
    for path in mimicry.convert(states, arguments.output, method=method, image_size=image_size, origin=origin):
        print(path)


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
