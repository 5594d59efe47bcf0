"""Workers as processes of this machine: started, watched and ended together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import IO

from tf_infomax.cluster import TF_CONFIG, Cluster
from tf_infomax.errors import InputError

GRACE_SECONDS = 10.0
"""Time for a worker to end after another one has, and again after it was asked to."""

LAUNCHER = "TF_INFOMAX_LAUNCHER"
"""Variable in a worker's environment with the process number of its launcher."""

_POLL_SECONDS = 0.1
_VISIBLE = "CUDA_VISIBLE_DEVICES"
_NO_GPU = "-1"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class WorkerProcesses:
    """Processes that run one command as the workers of a cluster on this machine.

    The chief has this process's output; lines of the others go to standard error with the worker's number before them.
    Use as a context: at its end no worker is left.

    Args:
        command: The command line.
        number: Number of workers.
        gpus: GPUs of each worker, in turn, of those in CUDA_VISIBLE_DEVICES where that is set; all GPUs for each if
            None.

    Raises:
        InputError: CUDA_VISIBLE_DEVICES has fewer GPUs than the workers need.
    """

    def __init__(self, command: Sequence[str], *, number: int, gpus: int | None = None) -> None:
        addresses = [f"localhost:{port}" for port in free_ports(number)]
        clusters = [Cluster({"worker": addresses}, "worker", index) for index in range(number)]
        environments = [_environment(os.environ, cluster, gpus) for cluster in clusters]
        self._processes = [_start(command, own, is_chief=index == 0) for index, own in enumerate(environments)]
        self._readers = [
            threading.Thread(target=_forward, args=(process.stdout, index), daemon=True)
            for index, process in enumerate(self._processes)
            if process.stdout is not None
        ]

    def __enter__(self) -> "WorkerProcesses":
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._end_all()
        for reader in self._readers:
            reader.join()

    def wait(self) -> int:
        """Waits for all workers, passes SIGINT and SIGTERM on to them, and returns the status of the first to fail.

        When one fails the others have some seconds to end by themselves, too.
        """
        with self._passing_signals_on():
            status = self._wait_for_a_failure_or_all()
            self._wait_for_all(GRACE_SECONDS)
        return _exit_status(status)

    @contextlib.contextmanager
    def _passing_signals_on(self) -> Iterator[None]:
        def pass_on(number: int, frame: FrameType | None) -> None:
            self._signal(number)

        handlers = {number: signal.signal(number, pass_on) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _wait_for_a_failure_or_all(self) -> int:
        """Waits until a worker fails or all have ended, and returns the status."""
        while True:
            ended = [status for status in self._statuses() if status is not None]
            failed = [status for status in ended if status]
            if failed or len(ended) == len(self._processes):
                return failed[0] if failed else 0
            time.sleep(_POLL_SECONDS)

    def _wait_for_all(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while None in self._statuses() and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)

    def _statuses(self) -> list[int | None]:
        return [process.poll() for process in self._processes]

    def _signal(self, number: int) -> None:
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)

    def _end_all(self) -> None:
        if None in self._statuses():
            self._signal(signal.SIGTERM)
            self._wait_for_all(GRACE_SECONDS)
            self._signal(signal.SIGKILL)
        for process in self._processes:
            process.wait()


def free_ports(number: int) -> list[int]:
    """Returns ports of this machine that nothing listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("localhost", 0))
        return [each.getsockname()[1] for each in sockets]


def _start(command: Sequence[str], environment: Mapping[str, str], *, is_chief: bool) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        env=environment,
        stdout=None if is_chief else subprocess.PIPE,
        stderr=None if is_chief else subprocess.STDOUT,
        text=True,
        errors="backslashreplace",  # A worker may print bytes that are no text.
        start_new_session=True,  # Ctrl-C reaches the workers through this process alone, and once.
    )


def _environment(own: Mapping[str, str], cluster: Cluster, gpus: int | None) -> dict[str, str]:
    visible = {} if gpus is None else {_VISIBLE: ",".join(_gpus(own, cluster.index, gpus)) or _NO_GPU}
    return {**own, TF_CONFIG: cluster.tf_config(), LAUNCHER: str(os.getpid()), **visible}


def _gpus(own: Mapping[str, str], index: int, number: int) -> list[str]:
    """Returns the GPUs of a worker: its part of those that this process may use, by number or name."""
    first, end = index * number, (index + 1) * number
    if _VISIBLE not in own:
        return list(map(str, range(first, end)))
    given = [] if own[_VISIBLE] in ("", _NO_GPU) else own[_VISIBLE].split(",")
    if len(given) < end:
        raise InputError(f"{_VISIBLE} must have {number} GPUs for each worker. Received: {own[_VISIBLE] or 'none'}")
    return given[first:end]


def _forward(lines: IO[str], index: int) -> None:
    with lines:
        for line in filter(str.strip, lines):
            print(f"[worker {index}] {line.rstrip()}", file=sys.stderr)


def _exit_status(status: int) -> int:
    """Returns the status of a shell: 128 + n for a process that signal n ended."""
    return 128 - status if status < 0 else status
