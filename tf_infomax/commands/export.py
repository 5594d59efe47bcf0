"""Exports a finished run for TensorFlow Serving: tf-infomax export RUN --output DIR --version 1.

The export of a GAN is its generator, by its moving average if it has one; that of Deep InfoMax is its encoder. All
signatures check their inputs. The version is written whole or not at all, with requests that warm up a server.

Generators also come as ONNX, LiteRT and OpenVINO, with named inputs and without checks; each is run by its own runtime
and compared with the generator, and `export.json` beside it says how far they are apart.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[str]
    """Directory of the run, or a saved model: infomax-gan-digits, a folder, or hf://OWNER/NAME."""
    output: Path
    """Folder of all versions of the model."""
    version: int | Literal["next"] = 1
    """Number of this version, or `next` for the one after the highest; one that exists is refused."""
    format: Literal["saved_model", "onnx", "litert", "openvino"] = "saved_model"
    """Format; all but saved_model need the extra of their name, such as tf-infomax[onnx]."""
    recalibrate: int | None = None
    """Latents over which the statistics of batch normalisation are computed anew; those of training if none."""
    license: str = "unknown"
    """Licence of the model for its card, README.md, by the identifiers of Hugging Face's hub, such as mit."""
    max_rows: int | None = None
    """Largest number of rows of one request to a SavedModel, which refuses a larger one before anything is drawn; 1,024
    if none."""


def run(arguments: Arguments) -> None:
    """Exports."""
    from tf_infomax.runs.model_card import write_model_card
    from tf_infomax.runs.saved_model import trained_model
    from tf_infomax.runs.tasks import task_of
    from tf_infomax.serving import FORMATS, MAX_ROWS

    name, version, max_rows = arguments.format, arguments.version, arguments.max_rows
    if name != "saved_model" and max_rows is not None:
        raise InputError(f"`max_rows` is for SavedModels; {name} checks no requests. Received: {max_rows}")
    trained = trained_model(arguments.run)
    model, origin = trained.load_model(), trained.origin()
    task = task_of(type(model))
    if arguments.recalibrate is not None:
        task.recalibrate(model, arguments.recalibrate)
        origin |= {"recalibrated": arguments.recalibrate}
    if name == "saved_model":
        rows = MAX_ROWS if max_rows is None else max_rows
        target = task.export(model, arguments.output, version=version, max_rows=rows, origin=origin)
        print(f"SavedModel: {target}")
    else:
        target = task.export_as(name, model, arguments.output, version=version, origin=origin)
        print(f"Model: {target / FORMATS[name].file}")
    recalibrated = arguments.recalibrate is not None
    card = write_model_card(trained, model, target, license_id=arguments.license, recalibrated=recalibrated)
    print(f"Model card: {card or 'none, since there is another README.md'}")
    print(f"Next: tf-infomax verify {shlex.quote(str(target))}")


def main(argv: Sequence[str], *, program: str = "tf-infomax export") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
