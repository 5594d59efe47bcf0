"""Probes what a run has learned to see: python -m trainers.probe RUN --measures svm mlp msssim mine ndm neighbors.

Of Deep InfoMax the encoder, of a GAN the discriminator. Adds the numbers to RUN/metrics.json; the picture of nearest
neighbours is RUN/neighbours.png.
"""

from dataclasses import dataclass, field
from pathlib import Path

import tyro

from tf_infomax.commands import command_line
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.probing import NEIGHBOURS_FILE, ProbeOptions, probe_run, probe_summary


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    options: ProbeOptions = field(default_factory=ProbeOptions)


def main(arguments: Arguments) -> None:
    """Measures, prints and records."""
    run = RunDirectory(arguments.run)
    records = probe_run(run, arguments.options)
    if records:
        print(f"{probe_summary(records)}\nRecorded in {run.metrics_path}")
    if "neighbors" in arguments.options.measures:
        print(f"Neighbours: {run.path / NEIGHBOURS_FILE}")


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
