"""Draws samples of a finished run or a saved model: tf-infomax sample RUN --output grid.png.

The file of --output is a picture, NAME.png, or holds the samples as arrays, NAME.npz. A picture is a grid, of a
class-conditional run with a row for each class, all from the same latents, or points as dots in the plane. The folder
of --output-folder has an image a file, for other tools; the same command continues it when it was interrupted.

With --interpolate the file is a walk from seed to seed: an animation, NAME.gif or NAME.mp4, or its frames in a row,
NAME.png.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError
from tf_infomax.runs.options import WalkOptions, WeightsName

if TYPE_CHECKING:
    from tf_infomax.runs.sampling import SampleSet
    from tf_infomax.runs.trained_model import TrainedModel


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[str]
    """Directory of the run, or a saved model: infomax-gan-digits, a folder, or hf://OWNER/NAME."""
    output: Path | None = None
    """File to write: NAME.png for a picture, NAME.npz for arrays; of a walk NAME.gif, NAME.mp4 or NAME.png."""
    output_folder: Path | None = None
    """Folder to write single images to."""
    num_images: int | None = None
    """Number of samples; if none, 64 images or 2,500 points in a picture, 1 in a walk and 10,000 elsewhere."""
    seed: int = 0
    """Seed of the latents."""
    seeds: tuple[int, ...] | None = None
    """Seeds of one sample each, the first that --seed would draw; in a folder their files are seed00017.png ..."""
    classes: tuple[int, ...] | None = None
    """Classes of a conditional run: rows of a grid or a walk, all if none or ten of many; elsewhere the labels in turn,
    drawn uniformly if none."""
    truncation: float | None = None
    """Bound of the numbers in the latents: 2 is mild, 0.5 gives more typical and less varied samples; none if none."""
    weights: WeightsName | None = None
    """Weights of the generator: average, the moving average, or raw; average if none and there is one."""
    walk: Annotated[WalkOptions, tyro.conf.arg(name="")] = field(default_factory=WalkOptions)
    overwrite: bool = False
    """Replace the file if it exists, or first delete the samples in the folder."""

    def __post_init__(self) -> None:
        given = [str(path) for path in (self.output, self.output_folder) if path is not None]
        if len(given) != 1:
            raise InputError(
                f"Exactly one of --output and --output-folder must be given. Received: {' and '.join(given) or 'none'}"
            )
        if self.walk.interpolate is not None:
            self._check_walk()
        suffixes = _FILES if self.walk.interpolate is None else _WALK_SUFFIXES
        if self.output is not None and self.output.suffix not in suffixes:
            hint = ", or ask for a walk by --interpolate" if self.output.suffix in _WALK_SUFFIXES else ""
            raise InputError(f"`output` must end in {' or '.join(suffixes)}{hint}. Received: {self.output}")

    def _check_walk(self) -> None:
        if self.output_folder is not None:
            raise InputError(f"A walk goes into one file, --output. Received: --output-folder {self.output_folder}")
        if self.seed or self.seeds is not None:
            raise InputError(
                "`interpolate` has the seeds of a walk, so --seed and --seeds must not be given beside it."
            )

    @property
    def choice(self) -> dict[str, Any]:
        """What is sampled, by the arguments of the functions that sample, but for the seeds."""
        names = ("num_images", "classes", "truncation", "weights")
        return {name: getattr(self, name) for name in names}


def run(arguments: Arguments) -> None:
    """Samples and writes."""
    if arguments.output_folder is not None:
        _write_folder(arguments, arguments.output_folder)
    if arguments.output is not None:
        _write_file(arguments, arguments.output)


def _write_folder(arguments: Arguments, folder: Path) -> None:
    from tf_infomax.runs.sampling import write_sample_folder
    from tf_infomax.runs.saved_model import trained_model

    again = "again, without --overwrite," if arguments.overwrite else "again"
    with _program.exit_on_interrupt(f"Run the same command {again} to continue."):
        run = trained_model(arguments.run)
        samples = _samples(arguments, run)
        write_sample_folder(samples, folder, origin=run.origin(), overwrite=arguments.overwrite)
    print(f"Samples: {samples.num_samples} images in {folder}")


def _write_file(arguments: Arguments, path: Path) -> None:
    if not arguments.overwrite:
        _program.check_new(path)
    write = _FILES[path.suffix] if arguments.walk.interpolate is None else _write_walk
    with _program.exit_on_interrupt(f"{path} is not written."):
        write(arguments, path)
    print(f"Samples: {path}")


def _write_grid(arguments: Arguments, path: Path) -> None:
    from tf_infomax.callbacks.sample_grids import sample_grid
    from tf_infomax.images import write_png
    from tf_infomax.latents import check_seed
    from tf_infomax.runs.saved_model import trained_model

    check_seed(arguments.seed)
    run = trained_model(arguments.run)
    seeds: dict[str, Any] = {"seed": arguments.seed, "seeds": arguments.seeds}
    write_png(path, sample_grid(run.load_gan(), class_names=run.class_names, **seeds, **arguments.choice))


def _write_arrays(arguments: Arguments, path: Path) -> None:
    from tf_infomax.runs.sampling import write_sample_file
    from tf_infomax.runs.saved_model import trained_model

    write_sample_file(_samples(arguments, trained_model(arguments.run)), path)


def _write_walk(arguments: Arguments, path: Path) -> None:
    from tf_infomax.runs.animation import check_encoder
    from tf_infomax.runs.saved_model import trained_model
    from tf_infomax.runs.walk import STEPS, Walk, check_walk, write_walk

    seeds, loop = arguments.walk.interpolate or (), arguments.walk.loop
    steps = STEPS if arguments.walk.steps is None else arguments.walk.steps
    check_walk(seeds, steps, loop=loop)
    check_encoder(path.suffix)
    run = trained_model(arguments.run)
    options: dict[str, Any] = {"steps": steps, "loop": loop, "class_names": run.class_names}
    write_walk(Walk(run.load_gan(), seeds, **options, **arguments.choice), path)


def _samples(arguments: Arguments, run: "TrainedModel") -> "SampleSet":
    from tf_infomax.runs.sampling import SampleSet

    choice = arguments.choice
    return SampleSet(run.load_gan(), choice.pop("num_images"), seed=arguments.seed, seeds=arguments.seeds, **choice)


_FILES: Mapping[str, Callable[[Arguments, Path], None]] = {".png": _write_grid, ".npz": _write_arrays}
"""What writes a file, by its suffix."""
_WALK_SUFFIXES = (".gif", ".mp4", ".png")
"""Those of `runs.walk.WALK_FILES`, which imports TensorFlow."""


def main(argv: Sequence[str], *, program: str = "tf-infomax sample") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
