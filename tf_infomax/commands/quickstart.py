"""Everything at once, in minutes on two CPU cores: tf-infomax quickstart.

Trains InfoMax-GAN on stacked digits, measures it, exports it, checks the export and lists all files. Repeat the command
to continue an interrupted run.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tf_infomax.commands import program as _program
from tf_infomax.commands import train
from tf_infomax.errors import InputError
from tf_infomax.presets import PRESETS, preset_named

if TYPE_CHECKING:
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.options import EvaluationOptions

PRESET = "infomax-gan-stacked-digits"


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run_dir: Path = Path("runs/quickstart")
    """Directory of the run."""
    steps: int = PRESETS.steps(PRESET)
    """Generator steps."""
    num_images: int = 10_000
    """Images to measure on, real and generated."""
    callbacks: tuple[str, ...] = ()
    """Your own Keras callbacks; functions that return some, each as MODULE:FUNCTION, such as my_tools:tracked."""
    overwrite: bool = False
    """First delete the run in the run directory."""


def run(arguments: Arguments) -> None:
    """Trains, measures, exports and verifies."""
    from tf_infomax.callbacks import FINAL_GRID
    from tf_infomax.runs.config import training_source
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.evaluation import evaluate_run, summary
    from tf_infomax.runs.machine import peak_memory_mib
    from tf_infomax.runs.options import GANRunOptions

    started = time.perf_counter()
    preset = preset_named(PRESET).override({"steps": arguments.steps})
    directory = RunDirectory(arguments.run_dir)
    options = GANRunOptions(callbacks=arguments.callbacks, overwrite=arguments.overwrite)
    measuring = _measuring(arguments.num_images, training_source(preset, options).num_images)
    print(f"1/3  Training {PRESET} for {preset.steps} steps in {directory.path}")
    train.run(PRESET, train.Arguments(directory.path, preset, options))
    print("2/3  Measuring")
    records = evaluate_run(directory, measuring)
    print(summary(records))
    print("3/3  Exporting and verifying")
    saved_model = _export(directory)
    seconds = time.perf_counter() - started
    print(
        f"\nDone in {seconds:.0f} s, with at most {peak_memory_mib() / 1024:.2f} GiB of memory.\n"
        f"Samples       {directory.samples / FINAL_GRID}\n"
        f"Numbers       {directory.metrics_path}\n"
        f"Model         {directory.model_path}\n"
        f"SavedModel    {saved_model}\n"
        f"TensorBoard   tensorboard --logdir {directory.logs}"
    )


def _measuring(num_images: int, available: int) -> "EvaluationOptions":
    """Returns the protocol of the measurement; a number that the data do not have is refused before training."""
    from tf_infomax.runs.options import EvaluationOptions

    if not 2 <= num_images <= available:
        raise InputError(f"`num_images` must be from 2 to {available}, the images of the data. Received: {num_images}")
    return EvaluationOptions(num_real=num_images, num_fake=num_images, seeds=(0,))


def _export(directory: "RunDirectory") -> Path:
    """Exports the next version and compares it with the model."""
    from tf_infomax.runs.tasks import task_of
    from tf_infomax.serving import MAX_ROWS

    model = directory.load_model()
    task = task_of(type(model))
    folder, origin = directory.saved_models, directory.origin()
    saved_model = task.export(model, folder, version="next", max_rows=MAX_ROWS, origin=origin)
    result = task.verify(saved_model, model, num_images=64, seed=0)
    print(result.text)
    if not result.passed:
        raise SystemExit("error: the export does not match its run")
    return saved_model


def main(argv: Sequence[str], *, program: str = "tf-infomax quickstart") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
