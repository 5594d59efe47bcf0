"""Makes a table of results again: tf-infomax reproduce NAME.

NAME is one of InfoMax-GAN's experiments: methods-digits (four methods on stacked digits), stacked-mnist (modes),
natural-images (four methods on CIFAR-10 or your own), little-data and very-little-data (few images, with and without
augmentation), forgetting, mode-collapse, stability, sensitivity, ablations, cost, or a study of when the contrast
learns, contrast-digits and contrast-natural; of GAN + VER's: ver-table1, 2 or 3 (ring, grid and digits),
ver-table3-mnist, ver-weights-ring, -grid or -digits (the choice of its lambda); of Deep InfoMax's: deep-infomax-digits,
deep-infomax-cifar10, deep-infomax-ablations, deep-infomax-generator; or estimators, a study of MINE and NDM where the
true value is known. It writes results.json, table.md with a verdict on the paper's claims, pictures, and an index of
all results. An interrupted table continues at the current cell. Two commands with different seeds may run side by side
and add to the same table.
"""

import dataclasses
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError, check_positive
from tf_infomax.reproduction.table_data import TableData

RESULTS = Path("results")


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    name: tyro.conf.Positional[str]
    """Name of the table."""
    seeds: tuple[int, ...] | None = None
    """One training and measurement of each row per seed; the table's seeds if none."""
    rows: tuple[str, ...] | None = None
    """Rows to compute; all of the table's if none."""
    quick: bool = False
    """A few steps of everything with the first seed, as a check; the numbers mean nothing."""
    steps: int | None = None
    """Steps of every run, into a folder of its own by --output; the table's if none."""
    redraw: bool = False
    """Write the table and figures again from results.json, without measuring anything."""
    output: Path | None = None
    """Folder of the table; results/NAME if none, results/NAME-quick with --quick."""
    work_dir: Path | None = None
    """Folder of the runs; runs/ and the name of the output's folder if none."""
    executor: Literal["none", "local", "slurm"] = "none"
    """Where cells are computed: none, in this process, one after the other; local, as processes of this machine; slurm,
    as jobs that are queued again when they are preempted."""
    jobs: int = 1
    """Most cells at a time, with an executor."""
    job_options: tuple[str, ...] = ()
    """Parameters of submitit's executor, such as slurm_partition=gpu gpus_per_node=1 timeout_min=600."""
    data: Annotated[TableData, tyro.conf.arg(name="")] = TableData()

    def __post_init__(self) -> None:
        check_positive(jobs=self.jobs)
        if self.executor == "none" and (self.jobs > 1 or self.job_options):
            raise InputError("`jobs` and `job_options` are for an executor. Received: `executor` none")


def run(arguments: Arguments) -> None:
    """Reproduces and prints the table."""
    from tf_infomax.reproduction.cells import missing_cells, redraw, reproduce
    from tf_infomax.reproduction.experiment import TABLE_FILE
    from tf_infomax.reproduction.experiments import make_experiment
    from tf_infomax.runs.execution import Interrupted

    quick = arguments.quick
    experiment = make_experiment(arguments.name, quick=quick, data=arguments.data, steps=arguments.steps)
    output = arguments.output or RESULTS / (f"{arguments.name}-quick" if quick else arguments.name)
    work_dir = arguments.work_dir or Path("runs") / output.name
    if arguments.redraw:
        redraw(experiment, output=output, work_dir=work_dir)
        _write_index(output)
        return
    seeds = arguments.seeds or (experiment.seeds[:1] if quick else None)
    if arguments.executor != "none":
        _run_jobs(arguments, missing_cells(experiment, seeds=seeds, rows=arguments.rows, output=output), work_dir)
    try:
        reproduce(
            experiment,
            seeds=seeds,
            rows=arguments.rows,
            output=output,
            work_dir=work_dir,
            command=["tf-infomax", "reproduce", arguments.name, *_kept_words(arguments)],
            on_cell=lambda text: print(text, file=sys.stderr),
        )
    except Interrupted as interruption:
        print(f"\n{interruption}. Run the same command again to go on.", file=sys.stderr)
        sys.exit(128 + interruption.signal)
    _write_index(output)
    print((output / TABLE_FILE).read_text())


def _write_index(output: Path) -> None:
    """Writes the index of the results if a table is in their usual place."""
    from tf_infomax.reproduction.index import write_index

    if output.parent == RESULTS:
        write_index(RESULTS)


def _run_jobs(arguments: Arguments, cells: Sequence[tuple[str, int]], work_dir: Path) -> None:
    """Computes cells by jobs, each the same command for one row and seed."""
    from tf_infomax.reproduction.jobs import Job, JobsFailed, parsed_options, run_jobs

    given = {"--output": arguments.output, "--work-dir": arguments.work_dir}
    words = _kept_words(arguments)
    words += [str(word) for name, path in given.items() if path is not None for word in (name, path)]
    program = (sys.executable, "-m", "tf_infomax", "reproduce", arguments.name, *words)
    jobs = {f"{row}, seed {seed}": Job((*program, "--rows", row, "--seeds", str(seed))) for row, seed in cells}
    try:
        run_jobs(
            jobs,
            cluster=arguments.executor,
            folder=work_dir / "jobs",
            at_once=arguments.jobs,
            options=parsed_options(arguments.job_options),
            on_end=lambda text: print(text, file=sys.stderr),
        )
    except JobsFailed as error:
        print(f"error: {error} Run the same command again to go on.", file=sys.stderr)
        sys.exit(1)


def _kept_words(arguments: Arguments) -> list[str]:
    """Returns the options that decide the numbers."""
    data = {name: value for name, value in dataclasses.asdict(arguments.data).items() if value is not None}
    options = [word for name, value in data.items() for word in (f"--{name.replace('_', '-')}", value)]
    steps = [] if arguments.steps is None else ["--steps", str(arguments.steps)]
    return [*(["--quick"] if arguments.quick else []), *steps, *options]


def main(argv: Sequence[str], *, program: str = "tf-infomax reproduce") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
