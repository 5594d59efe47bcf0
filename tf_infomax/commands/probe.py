"""Probes a representation: tf-infomax probe RUN --measures svm mlp msssim mine ndm neighbors.

Of a run the network is the encoder of Deep InfoMax or the discriminator of a GAN. Numbers are added to
RUN/metrics.json; the picture of nearest neighbours is RUN/neighbours.png. In place of a run there may be any network of
yours, a .keras file or the folder of a SavedModel, with --layers and --dataset.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError
from tf_infomax.files import write_json
from tf_infomax.runs.options import NetworkOptions, ProbeOptions

_Unprefixed = tyro.conf.arg(name="")


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run, or a network: a .keras file or the folder of a SavedModel."""
    options: Annotated[ProbeOptions, _Unprefixed] = field(default_factory=ProbeOptions)
    network: Annotated[NetworkOptions, _Unprefixed] = field(default_factory=NetworkOptions)
    output: Path | None = None
    """JSON file for the numbers of a network from a file; the picture of neighbours is beside it."""
    overwrite: bool = False
    """Replace the file if it exists."""


def run(arguments: Arguments) -> None:
    """Measures, prints and records."""
    from tf_infomax.metrics.features.own_network import is_network

    if is_network(arguments.run):
        _probe_network(arguments)
    else:
        _probe_run(arguments)


def _probe_run(arguments: Arguments) -> None:
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.probing.probe import probe_run, probe_summary

    if arguments.network != NetworkOptions() or arguments.output is not None or arguments.overwrite:
        raise InputError(
            "--layers, --dataset, --image-size, --output and --overwrite are for a network from a file, not for a run."
        )
    directory = RunDirectory(arguments.run)
    records = probe_run(directory, arguments.options)
    if records:
        print(f"{probe_summary(records)}\nRecorded in {directory.metrics_path}")
    if "neighbors" in arguments.options.measures:
        print(f"Neighbours: {directory.neighbours_path}")


def _probe_network(arguments: Arguments) -> None:
    from tf_infomax.runs.probing.network import probe_network
    from tf_infomax.runs.probing.probe import probe_summary

    output = arguments.output
    draws = "neighbors" in arguments.options.measures
    if output is None and draws:
        raise InputError("The picture of neighbours needs --output, beside which it is written.")
    picture = output.with_suffix(".png") if output is not None and draws else None
    if output is not None and output == picture:
        raise InputError(f"`output` must not end in .png, as the picture beside it does. Received: {output}")
    if not arguments.overwrite:
        _program.check_new(*filter(None, (output, picture)))
    records = probe_network(arguments.run, arguments.network, arguments.options, picture=picture)
    if records:
        print(probe_summary(records))
        if output is not None:
            write_json(output, records)
    if picture is not None:
        print(f"Neighbours: {picture}")


def main(argv: Sequence[str], *, program: str = "tf-infomax probe") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
