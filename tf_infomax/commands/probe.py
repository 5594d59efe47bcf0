"""Probes the representation of a run: tf-infomax probe RUN --measures svm mlp msssim mine ndm neighbors.

The network is the encoder of Deep InfoMax or the discriminator of a GAN. Numbers are added to RUN/metrics.json; the
picture of nearest neighbours is RUN/neighbours.png.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.runs.options import ProbeOptions


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    options: Annotated[ProbeOptions, tyro.conf.arg(name="")] = field(default_factory=ProbeOptions)


def run(arguments: Arguments) -> None:
    """Measures, prints and records."""
    from tf_infomax.runs.directory import RunDirectory
    from tf_infomax.runs.probing.probe import probe_run, probe_summary

    directory = RunDirectory(arguments.run)
    records = probe_run(directory, arguments.options)
    if records:
        print(f"{probe_summary(records)}\nRecorded in {directory.metrics_path}")
    if "neighbors" in arguments.options.measures:
        print(f"Neighbours: {directory.neighbours_path}")


def main(argv: Sequence[str], *, program: str = "tf-infomax probe") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
