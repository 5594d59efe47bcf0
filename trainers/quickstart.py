"""Everything at once, in minutes on two CPU cores: python -m trainers.quickstart.

Trains InfoMax-GAN on stacked digits, measures it, exports it, checks the export and says where everything is. Repeat
the command to continue an interrupted run.
"""

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path

from tf_infomax.callbacks import FINAL_GRID
from tf_infomax.commands import command_line
from tf_infomax.presets import preset_named
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import evaluate_run, summary
from tf_infomax.runs.machine import peak_memory_mib
from tf_infomax.runs.training import RunOptions
from tf_infomax.serving import export_generator, verify_generator_export
from trainers import gan as gan_program

PRESET = "infomax-gan-stacked-digits"


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run_dir: Path = Path("runs/quickstart")
    """Directory of the run."""
    steps: int = preset_named(PRESET).steps
    """Generator steps."""
    num_images: int = 10_000
    """Images to measure on, real and generated."""
    overwrite: bool = False
    """Delete the run that is in the run directory first."""


def main(arguments: Arguments) -> None:
    """Trains, measures, exports and verifies."""
    started = time.perf_counter()
    preset = dataclasses.replace(preset_named(PRESET), steps=arguments.steps)
    run = RunDirectory(arguments.run_dir)
    print(f"1/3  Training {PRESET} for {preset.steps} steps in {run.path}")
    options = RunOptions(overwrite=arguments.overwrite)
    gan_program.run(PRESET, gan_program.Arguments(run.path, preset, options))
    print("2/3  Measuring")
    records = evaluate_run(run, num_real=arguments.num_images, num_fake=arguments.num_images)
    print(summary(records))
    print("3/3  Exporting and verifying")
    saved_model = _export(run)
    seconds = time.perf_counter() - started
    print(
        f"\nDone in {seconds:.0f} s, with at most {peak_memory_mib() / 1024:.2f} GiB of memory.\n"
        f"Samples       {run.samples / FINAL_GRID}\n"
        f"Numbers       {run.metrics_path}\n"
        f"Model         {run.gan_path}\n"
        f"SavedModel    {saved_model}\n"
        f"TensorBoard   tensorboard --logdir {run.logs}"
    )


def _export(run: RunDirectory) -> Path:
    """Exports the next version and compares it with the model."""
    folder = run.path / "saved_model"
    versions = [int(path.name) for path in folder.glob("*") if path.name.isdigit()]
    generator = run.load_gan().sampling_generator
    saved_model = export_generator(generator, folder, version=max(versions, default=0) + 1, origin=run.origin())
    result = verify_generator_export(saved_model, generator)
    print(result.text)
    if not result.passed:
        raise SystemExit("error: the export does not match its run")
    return saved_model


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
