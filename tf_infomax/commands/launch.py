"""Trains with several workers on this machine: tf-infomax launch --workers 2 -- train PRESET --run-dir RUN [overrides].

Every worker runs the command behind `--` with the strategy `workers`. A signal stops all of them after the same step;
when one fails, all end. The same command continues the run.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tf_infomax.commands import program as _program
from tf_infomax.commands.worker_processes import WorkerProcesses
from tf_infomax.errors import InputError, check_positive

_STRATEGY = ("--strategy", "workers")


@dataclass(frozen=True)
class Arguments:
    """Command line before `--`."""

    workers: int = 2
    """Processes that train together."""
    gpus_per_worker: int | None = None
    """GPUs of each worker, in turn; each sees all if none. 0 trains on CPUs."""

    def __post_init__(self) -> None:
        check_positive(workers=self.workers)
        if self.gpus_per_worker is not None and self.gpus_per_worker < 0:
            raise InputError(f"`gpus_per_worker` must not be negative. Received: {self.gpus_per_worker}")


def main(argv: Sequence[str], *, program: str = "tf-infomax launch") -> None:
    """Runs the workers of a command line and exits with the status of the first that failed."""
    own, command = _split(argv)
    arguments = _program.parse(Arguments, own, program=program, doc=__doc__)
    worker_command = [sys.executable, "-m", "tf_infomax.commands.worker", *_train_command(command)]
    with WorkerProcesses(worker_command, number=arguments.workers, gpus=arguments.gpus_per_worker) as workers:
        status = workers.wait()
    if status:
        sys.exit(status)


def _split(argv: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Splits a command line at `--`."""
    if "--" not in argv:
        return argv, ()
    position = list(argv).index("--")
    return argv[:position], argv[position + 1 :]


def _train_command(command: Sequence[str]) -> list[str]:
    """Returns the command of a worker.

    Raises:
        InputError: It does not train, or by another strategy.
    """
    if not command or command[0] != "train":
        raise InputError(f"`launch` needs a training command behind `--`. Received: {' '.join(command) or 'none'}")
    chosen = [index for index, word in enumerate(command) if word.split("=")[0] == _STRATEGY[0]]
    for index in chosen:
        value = " ".join(command[index : index + 2]).replace("=", " ").split()[1:2]
        if value != [_STRATEGY[1]]:
            raise InputError(f"`strategy` must be workers behind `launch`. Received: {' '.join(value) or 'none'}")
    return [*command, *(() if chosen else _STRATEGY)]
