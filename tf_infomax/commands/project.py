"""Finds latents of images: tf-infomax project IMAGE [IMAGE ...] --run RUN --output pair.png.

The generator of a finished run draws an image as near to the given one as it can: the search compares features of the
run's discriminator, or of another network, and pixels. The picture has a row for each image: the given one, the best
that was found, and those of the next best restarts. The file of --latents has the latents, NAME.npz.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError
from tf_infomax.runs.options import ProjectionOptions

_SUFFIXES = {"output": ".png", "latents": ".npz"}


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    images: tyro.conf.Positional[tuple[Path, ...]]
    """Files of the images: JPEG, PNG, BMP, GIF or WebP."""
    run: str
    """Directory of the run, or a saved model: infomax-gan-digits, a folder, or hf://OWNER/NAME."""
    output: Path | None = None
    """Picture to write: NAME.png."""
    latents: Path | None = None
    """File of latents, distances and settings to write: NAME.npz."""
    options: Annotated[ProjectionOptions, tyro.conf.arg(name="")] = field(default_factory=ProjectionOptions)
    overwrite: bool = False
    """Replace the files if they exist."""

    def __post_init__(self) -> None:
        if not self.outputs:
            raise InputError("At least one of --output and --latents must be given. Received: none")
        for name, path in self.outputs.items():
            if path.suffix != _SUFFIXES[name]:
                raise InputError(f"`{name}` must end in {_SUFFIXES[name]}. Received: {path}")

    @property
    def outputs(self) -> dict[str, Path]:
        """The files to write, by option."""
        paths = {name: getattr(self, name) for name in _SUFFIXES}
        return {name: path for name, path in paths.items() if path is not None}


def run(arguments: Arguments) -> None:
    """Reads, searches, prints and writes."""
    from tf_infomax.images import write_png
    from tf_infomax.runs.projection import project_images, projection_picture, read_given_images, write_latents
    from tf_infomax.runs.saved_model import trained_model

    for path in arguments.outputs.values():
        if not arguments.overwrite:
            _program.check_new(path)
    trained, options = trained_model(arguments.run), arguments.options
    gan = trained.load_gan()
    images = read_given_images(trained, gan, arguments.images)
    with _program.exit_on_interrupt("Nothing is written."):
        projections = project_images(gan, images, options)
    for path, projection in zip(arguments.images, projections):
        print(f"{path}: {projection.summary}")
    if arguments.latents is not None:
        write_latents(arguments.latents, gan, projections, options, origin=trained.origin())
        print(f"Latents: {arguments.latents}")
    if arguments.output is not None:
        write_png(arguments.output, projection_picture(gan, projections, weights=options.weights))
        print(f"Picture: {arguments.output}")


def main(argv: Sequence[str], *, program: str = "tf-infomax project") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
