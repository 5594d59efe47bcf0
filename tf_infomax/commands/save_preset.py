"""Saves a finished run as a model to start from: tf-infomax save-preset RUN --output DIR.

The folder has weights without the state of training, settings, measurements, samples and a model card. In Python
`tf_infomax.from_preset("DIR")` loads it, and `tf-infomax train --from-preset DIR` trains it further, on other data too.
Uploaded to Hugging Face's hub it is hf://OWNER/NAME.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.runs.options import ModelName, WeightsName


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    output: Path
    """Folder to write."""
    model: ModelName = "last"
    """Model of the run: the finished one, or the best that --keep-best kept."""
    weights: WeightsName | None = None
    """Keep one generator of a GAN with a moving average: average or raw; both if none."""
    storage: Literal["float32", "float16"] = "float32"
    """Type that kernels are stored in; float16 halves the folder."""
    license: str = "unknown"
    """Licence of the model for its card, README.md, by the identifiers of Hugging Face's hub, such as mit."""
    overwrite: bool = False
    """Replace a model in the folder."""


def run(arguments: Arguments) -> None:
    """Saves."""
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.saving import save_run_to_preset

    folder = save_run_to_preset(
        RunDirectory(arguments.run),
        arguments.output,
        best=arguments.model == "best",
        weights=arguments.weights,
        storage=arguments.storage,
        license_id=arguments.license,
        overwrite=arguments.overwrite,
    )
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    print(f"Saved model: {folder} ({size:.2f} MiB)")
    print(f"Next: tf-infomax train --from-preset {shlex.quote(str(folder))} --run-dir RUN")


def main(argv: Sequence[str], *, program: str = "tf-infomax save-preset") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
