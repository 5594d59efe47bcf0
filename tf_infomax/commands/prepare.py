"""Writes your images as a dataset that presets read by name: tf-infomax prepare NAME SOURCE --data-dir DIR.

NAME is a dataset of TensorFlow Datasets, such as mnist or cifar10, whose place the images take, or a name of your own.
SOURCE is an .npz file with x_train and y_train, x_test and y_test and so on, or a folder with a folder for each split,
such as train and test, which holds images, or sub-folders of them by class. Presets then find it with --data-dir DIR.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax.commands import program as _program


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    name: tyro.conf.Positional[str]
    """Name of the dataset."""
    source: tyro.conf.Positional[Path]
    """File or folder of the images."""
    data_dir: Path | None = None
    """Folder of the prepared datasets; that of TensorFlow Datasets if none."""
    overwrite: bool = False
    """Replace a dataset of that name."""


def run(arguments: Arguments) -> None:
    """Writes the dataset and says how to use it."""
    from tf_infomax.data.preparation import prepare_dataset

    prepared = prepare_dataset(
        arguments.name, arguments.source, data_dir=arguments.data_dir, overwrite=arguments.overwrite
    )
    counts = ", ".join(f"{split} {number:,}" for split, number in prepared.num_images.items())
    print(f"{prepared.full_name} is in {prepared.data_dir}: {counts}.")
    place = shlex.quote(str(prepared.data_dir))
    print(f"Use it: tf-infomax train PRESET --dataset {arguments.name} --data-dir {place} --run-dir RUN")


def main(argv: Sequence[str], *, program: str = "tf-infomax prepare") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
