"""Converts checkpoints of the authors' library: tf-infomax import-mimicry netG.pth netD.pth --output DIR ...

A generator becomes DIR/generator.keras and DIR/saved_model/1, a discriminator DIR/discriminator.keras and
DIR/discriminator_saved_model/1; both together also give DIR/gan.keras, a compiled GAN that can continue training.
Widths, latents, classes and image channels are read from the tensors. Needs PyTorch: pip install -e ".[torch]".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import check_choice


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    checkpoints: tyro.conf.Positional[tuple[Path, ...]]
    """A generator's .pth file, a discriminator's, or one of each in any order."""
    method: str
    """Method of the checkpoints, one of sngan, infomax-gan, ssgan and cgan."""
    image_size: int
    """Height and width of the images, one of 32, 48, 64 and 128."""
    output: Path
    """Folder to write; new or empty."""


def run(arguments: Arguments) -> None:
    """Converts."""
    from tf_infomax import mimicry

    check_choice("method", arguments.method, mimicry.METHODS)
    method, image_size = cast(mimicry.MethodName, arguments.method), arguments.image_size
    states = mimicry.read_checkpoints(arguments.checkpoints)
    origin = mimicry.origin_of(arguments.checkpoints, method=method, image_size=image_size)
    for path in mimicry.convert(states, arguments.output, method=method, image_size=image_size, origin=origin):
        print(path)


def main(argv: Sequence[str], *, program: str = "tf-infomax import-mimicry") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
