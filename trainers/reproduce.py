"""Makes a table of results again: python -m trainers.reproduce methods-digits.

Writes results.json, table.md and pictures. A table that was interrupted goes on with the cell at hand. Two commands
with different seeds may run side by side: each adds to the same table.
"""

import functools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from tf_infomax.commands import command_line
from tf_infomax.reproduction import (
    TABLE_FILE,
    Experiment,
    deep_infomax_digits,
    methods_digits,
    reproduce,
    ver_table,
    weight_sweep,
)
from tf_infomax.runs.execution import Interrupted

EXPERIMENTS: Mapping[str, Callable[..., Experiment]] = {
    "methods-digits": methods_digits,
    "ver-table1": functools.partial(ver_table, "ring", 1),
    "ver-table2": functools.partial(ver_table, "grid", 2),
    "ver-table3": functools.partial(ver_table, "digits", 3),
    "ver-weights-ring": functools.partial(weight_sweep, "ring"),
    "ver-weights-grid": functools.partial(weight_sweep, "grid"),
    "ver-weights-digits": functools.partial(weight_sweep, "digits"),
    "deep-infomax-digits": deep_infomax_digits,
}
_QUICK_SAMPLES = {"steps": 20, "num_samples": 200}
QUICK = {name: _QUICK_SAMPLES for name in EXPERIMENTS} | {
    "methods-digits": {"steps": 50, "num_images": 500},
    "deep-infomax-digits": {
        "steps": 20,
        "estimator_steps": 20,
        "decoder_steps": 20,
        "mlp_epochs": 2,
        "num_images": 400,
    },
}


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    name: tyro.conf.Positional[
        Literal[
            "methods-digits",
            "ver-table1",
            "ver-table2",
            "ver-table3",
            "ver-weights-ring",
            "ver-weights-grid",
            "ver-weights-digits",
            "deep-infomax-digits",
        ]
    ]
    """methods-digits: SNGAN, SSGAN, InfoMax-GAN and SSGAN + IM on stacked digits, equal steps; ver-table1, 2 and 3:
    those of GAN + VER, on ring, grid and digits; ver-weights-...: the choice of its lambda; deep-infomax-digits:
    encoders by Deep InfoMax, by every measure."""
    seeds: tuple[int, ...] | None = None
    """Each row is trained and measured once for each seed; those of the table if none."""
    quick: bool = False
    """A few steps of everything with the first seed, to see that it works; the numbers mean nothing."""
    output: Path | None = None
    """Folder of the table; results/NAME if none, results/NAME-quick with --quick."""
    work_dir: Path | None = None
    """Folder of the runs behind the table; runs/ and the name of the output's folder if none."""


def main(arguments: Arguments) -> None:
    """Reproduces and prints the table."""
    quick = arguments.quick
    experiment = EXPERIMENTS[arguments.name](**(QUICK[arguments.name] if quick else {}))
    output = arguments.output or Path("results") / (f"{arguments.name}-quick" if quick else arguments.name)
    try:
        reproduce(
            experiment,
            seeds=arguments.seeds or (experiment.seeds[:1] if quick else None),
            output=output,
            work_dir=arguments.work_dir or Path("runs") / output.name,
            command=["python", "-m", "trainers.reproduce", arguments.name, *(["--quick"] if quick else [])],
            on_cell=lambda text: print(text, file=sys.stderr),
        )
    except Interrupted as interruption:
        print(f"\n{interruption}; run the same command again to go on.", file=sys.stderr)
        sys.exit(128 + interruption.signal)
    print((output / TABLE_FILE).read_text())


if __name__ == "__main__":
    command_line.run_program(main, Arguments)
