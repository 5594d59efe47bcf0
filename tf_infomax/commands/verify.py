"""Compares an exported generator or encoder with its run: tf-infomax verify DIR/1.

A SavedModel is loaded with TensorFlow alone, another format with its own runtime. The exit status is 1 if a pixel
differs by more than one grey level, or a feature by more than float32 rounding.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    export: tyro.conf.Positional[Path]
    """Folder of one version, or of a model, whose highest version is compared."""
    run: str | None = None
    """Directory of the run, or the saved model, that was exported; the one recorded at export if none."""
    num_images: int = 64
    """Images to compare."""
    seed: int = 0
    """Seed of the images."""


def run(arguments: Arguments) -> None:
    """Verifies and reports."""
    from tf_infomax.latents import check_seed
    from tf_infomax.runs.saved_model import trained_model
    from tf_infomax.runs.tasks import task_of
    from tf_infomax.serving import export_in, format_in, read_origin, read_report

    check_seed(arguments.seed)
    folder = export_in(arguments.export)
    has_format = format_in(folder) is not None
    origin = read_report(folder) if has_format else read_origin(folder)
    if not {"run", "sha256"} <= origin.keys():
        raise InputError(f"{folder} was not exported by tf-infomax export, so its run and model are not known.")
    trained = trained_model(arguments.run or origin["run"])
    if trained.digest() != origin["sha256"]:
        raise InputError(f"{folder} was exported from another model than the one now in {trained.path}.")
    model = trained.load_model()
    task = task_of(type(model))
    if "recalibrated" in origin:
        task.recalibrate(model, origin["recalibrated"])
    compare = task.verify_format if has_format else task.verify
    result = compare(folder, model, num_images=arguments.num_images, seed=arguments.seed)
    for name, text in result.signatures.items():
        print(f"{name}: {text}")
    print(result.text)
    if not result.passed:
        print("error: the export does not match its run", file=sys.stderr)
        sys.exit(1)


def main(argv: Sequence[str], *, program: str = "tf-infomax verify") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
