"""Compares an exported generator or encoder with its run: python -m export.verify DIR/1.

The SavedModel is loaded with TensorFlow alone. Exit status 1 if a pixel differs by more than one grey level, or a
feature by more than float32 leaves.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax.commands import command_line
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.serving import read_origin, verify_model_export


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    saved_model: tyro.conf.Positional[Path]
    """Folder of one version."""
    run: Path | None = None
    """Directory of the run; the one recorded at export if none."""
    num_images: int = 64
    """Images to compare."""
    seed: int = 0
    """Their seed."""


def main(arguments: Arguments) -> None:
    """Verifies and reports."""
    origin = read_origin(arguments.saved_model)
    if "run" not in origin:
        raise InputError(f"{arguments.saved_model} was not exported from a run, so there is none to compare it with.")
    run = RunDirectory(arguments.run or origin["run"])
    if run.origin()["sha256"] != origin["sha256"]:
        raise InputError(f"{arguments.saved_model} was exported from another model than the one now in {run.path}.")
    result = verify_model_export(
        arguments.saved_model, run.load_model(), num_images=arguments.num_images, seed=arguments.seed
    )
    for name, text in result.signatures.items():
        print(f"{name}: {text}")
    print(result.text)
    if not result.passed:
        print("error: the export does not match its run", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
