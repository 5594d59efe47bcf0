"""Cells of a table as jobs, on this machine or on a cluster, by way of submitit."""

import shlex
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError

_POLL_SECONDS = 0.5
_SIGNAL_SECONDS = 120
"""Time that Slurm gives a job between the signal and its end: enough for a state to be saved."""


class JobsFailed(RuntimeError):
    """Some jobs failed; the message names them."""


@dataclass(frozen=True)
class Job:
    """A command line that computes one cell and, run again, goes on from where it was.

    On preemption and at its time limit the job is queued again.
    """

    command: tuple[str, ...]

    def __call__(self) -> None:
        """Runs the command.

        Raises:
            RuntimeError: It fails.
        """
        status = subprocess.run(self.command).returncode
        if status:
            raise RuntimeError(f"{shlex.join(self.command)} ended with status {status}")

    def checkpoint(self) -> Any:
        """Returns the job to queue again; submitit calls this when the job has to make room."""
        return _submitit().helpers.DelayedSubmission(self)


def run_jobs(
    jobs: Mapping[str, Job],
    *,
    cluster: str,
    folder: Path,
    at_once: int,
    options: Mapping[str, Any],
    on_end: Callable[[str], None] = lambda text: None,
) -> None:
    """Runs jobs, some at a time, and waits for all of them.

    Args:
        jobs: Jobs by name.
        cluster: `"local"`, processes of this machine; or `"slurm"`.
        folder: Folder of the scripts, logs and results of the jobs.
        at_once: Most jobs at a time.
        options: Parameters of submitit's executor, such as `slurm_partition` and `timeout_min`.
        on_end: Called with a line about each job that ends.

    Raises:
        InputError: submitit is not installed, the cluster cannot be reached, or an option is unknown.
        JobsFailed: Some failed; the others have ended.
    """
    executor = _executor(cluster, folder, options)
    waiting, failed = list(jobs.items()), []
    running: dict[str, Any] = {}
    while waiting or running:
        while waiting and len(running) < at_once:
            name, job = waiting.pop(0)
            running[name] = executor.submit(job)
        time.sleep(_POLL_SECONDS)
        for name in [name for name, submitted in running.items() if submitted.done()]:
            submitted = running.pop(name)
            error = submitted.exception()
            on_end(f"{name}: {f'failed, see {submitted.paths.stderr}' if error else 'done'}")
            failed += [name] if error else []
    if failed:
        raise JobsFailed(f"{len(failed)} of {len(jobs)} cells failed: {', '.join(failed)}.")


def _executor(cluster: str, folder: Path, options: Mapping[str, Any]) -> Any:
    submitit = _submitit()
    defaults = {"timeout_min": 24 * 60, "slurm_signal_delay_s": _SIGNAL_SECONDS}
    try:
        executor = submitit.AutoExecutor(folder=folder, cluster=cluster, slurm_max_num_timeout=1000)
        executor.update_parameters(**{**defaults, **options})
    except (RuntimeError, NameError, ValueError, TypeError) as error:
        raise InputError(f"`executor` {cluster} cannot be used: {error}") from None
    return executor


def _submitit() -> Any:
    try:
        import submitit
    except ModuleNotFoundError:
        raise InputError('`executor` needs submitit: pip install "tf-infomax[cluster]".') from None
    return submitit


def parsed_options(texts: Sequence[str]) -> dict[str, Any]:
    """Reads `NAME=VALUE`; whole numbers become integers.

    Raises:
        InputError: A text has no `=`.
    """
    pairs = [text.partition("=") for text in texts]
    for (name, equals, _), text in zip(pairs, texts, strict=True):
        if not name or not equals:
            raise InputError(f"`job_options` must be like timeout_min=600. Received: {text}")
    return {name: int(value) if value.isdecimal() else value for name, _, value in pairs}
