"""Draws samples of a finished run: tf-infomax sample RUN --output grid.png.

The file of --output is a picture, NAME.png, or holds the samples as arrays, NAME.npz. A picture is a grid, of a
class-conditional run with a row for each class, all from the same latents, or points as dots in the plane. The folder
of --output-folder has an image a file, for other tools; the same command continues it when it was interrupted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError
from tf_infomax.runs.options import WeightsName

if TYPE_CHECKING:
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.sampling import SampleSet


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    output: Path | None = None
    """File to write: NAME.png for a picture, NAME.npz for arrays."""
    output_folder: Path | None = None
    """Folder to write single images to."""
    num_images: int | None = None
    """Number of samples; if none, 64 images or 2,500 points in a picture and 10,000 elsewhere."""
    seed: int = 0
    """Seed of the latents."""
    classes: tuple[int, ...] | None = None
    """Classes of a conditional run: rows of a grid, all if none or ten of many; elsewhere the labels in turn, drawn
    uniformly if none."""
    weights: WeightsName | None = None
    """Weights of the generator: average, the moving average, or raw; average if none and there is one."""
    overwrite: bool = False
    """Replace the file if it exists, or first delete the samples in the folder."""

    def __post_init__(self) -> None:
        given = [str(path) for path in (self.output, self.output_folder) if path is not None]
        if len(given) != 1:
            raise InputError(
                f"Exactly one of --output and --output-folder must be given. Received: {' and '.join(given) or 'none'}"
            )
        if self.output is not None and self.output.suffix not in _FILES:
            raise InputError(f"`output` must end in {' or '.join(_FILES)}. Received: {self.output}")


def run(arguments: Arguments) -> None:
    """Samples and writes."""
    if arguments.output_folder is not None:
        _write_folder(arguments, arguments.output_folder)
    if arguments.output is not None:
        _write_file(arguments, arguments.output)


def _write_folder(arguments: Arguments, folder: Path) -> None:
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.sampling import write_sample_folder

    again = "again, without --overwrite," if arguments.overwrite else "again"
    with _program.exit_on_interrupt(f"Run the same command {again} to continue."):
        run = RunDirectory(arguments.run)
        samples = _samples(arguments, run)
        write_sample_folder(samples, folder, origin=run.origin(), overwrite=arguments.overwrite)
    print(f"Samples: {samples.num_samples} images in {folder}")


def _write_file(arguments: Arguments, path: Path) -> None:
    if not arguments.overwrite:
        _program.check_new(path)
    with _program.exit_on_interrupt(f"{path} is not written."):
        _FILES[path.suffix](arguments, path)
    print(f"Samples: {path}")


def _write_grid(arguments: Arguments, path: Path) -> None:
    from tf_infomax.callbacks.sample_grids import sample_grid
    from tf_infomax.images import write_png
    from tf_infomax.latents import check_seed
    from tf_infomax.runs.directory import RunDirectory

    check_seed(arguments.seed)
    grid = sample_grid(
        RunDirectory(arguments.run).load_gan(),
        num_images=arguments.num_images,
        seed=arguments.seed,
        classes=arguments.classes,
        weights=arguments.weights,
    )
    write_png(path, grid)


def _write_arrays(arguments: Arguments, path: Path) -> None:
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.sampling import write_sample_file

    write_sample_file(_samples(arguments, RunDirectory(arguments.run)), path)


def _samples(arguments: Arguments, run: "RunDirectory") -> "SampleSet":
    from tf_infomax.runs.sampling import NUM_SAMPLES, SampleSet

    return SampleSet(
        run.load_gan(),
        NUM_SAMPLES if arguments.num_images is None else arguments.num_images,
        seed=arguments.seed,
        classes=arguments.classes,
        weights=arguments.weights,
    )


_FILES: Mapping[str, Callable[[Arguments, Path], None]] = {".png": _write_grid, ".npz": _write_arrays}
"""What writes a file, by its suffix."""


def main(argv: Sequence[str], *, program: str = "tf-infomax sample") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
