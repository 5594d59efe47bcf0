"""Workers of one machine: a signal and a death end all of them, and the same command continues the run exactly."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import programs
from tests.tiny import assert_equal_states
from tf_infomax.commands import launch
from tf_infomax.commands.worker_processes import LAUNCHER, WorkerProcesses, free_ports
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory

STEPS = 60
TRAINING = [
    *("train", "vgan-ver-ring", "--steps", STEPS, "--checkpoint-seconds", 0, *programs.TINY_GAN),
    *("--objectives.variational-entropy.base-channels", 8, "--metrics-every", 0, "--sample-every", 20),
]
"""Points: their steps are traced in a fraction of the time of images."""


def start(run: Path) -> subprocess.Popen:
    return programs.start("tf_infomax", "launch", "--workers", 2, "--", *TRAINING, "--run-dir", run)


def wait_for_a_state(run: Path, process: subprocess.Popen, *, step: int) -> None:
    while not (run / "checkpoints" / f"step_{step:06d}.weights.h5").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def children(process: subprocess.Popen) -> list[int]:
    """Process numbers of the workers, the chief first."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return sorted(map(int, listed.stdout.split()))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> RunDirectory:
    run = tmp_path_factory.mktemp("runs") / "uninterrupted"
    process = start(run)
    printed, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors
    assert printed.count("Model: ") == 1  # The chief alone reports.
    return RunDirectory(run)


def kill_a_worker(process: subprocess.Popen) -> None:
    os.kill(children(process)[1], signal.SIGKILL)


def stop_a_worker(process: subprocess.Popen) -> None:
    os.kill(children(process)[1], signal.SIGTERM)


def stop_all(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)


ENDS = (
    (3, kill_a_worker, 137, "worker was lost"),
    (13, stop_a_worker, 143, "Stopped by SIGTERM after step"),
    (28, stop_all, 130, "Stopped by SIGINT after step"),
)
"""Step, what happens after it, exit status and message."""


@pytest.mark.slow
def test_a_run_continues_exactly(uninterrupted, tmp_path):
    """However it ends, thrice."""
    run = tmp_path / "run"
    for step, act, status, message in ENDS:
        process = start(run)
        wait_for_a_state(run, process, step=step)
        act(process)
        _, errors = process.communicate(timeout=100)
        assert process.returncode == status and message in errors and "Traceback" not in errors, errors
        assert not RunDirectory(run).is_finished
    process = start(run)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors
    assert_equal_states(RunDirectory(run).load_model(), uninterrupted.load_model())


def test_what_the_chief_refuses_ends_all(tmp_path):
    (tmp_path / "photo.png").touch()
    process = start(tmp_path)
    _, errors = process.communicate(timeout=100)
    assert process.returncode == 2
    assert f"error: {tmp_path} is not empty and holds no run" in errors
    assert "[worker 1] error: Another worker ended; its message says why." in errors


@pytest.mark.parametrize("command", [[], ["--"], ["--", "evaluate", "run"], ["train", "sngan-digits"]])
def test_there_must_be_a_training_command(command):
    with pytest.raises(InputError):
        launch.main(command)


@pytest.mark.parametrize("strategy", [["--strategy", "default"], ["--strategy=mirrored"], ["--strategy"]])
def test_workers_are_the_only_strategy(strategy):
    with pytest.raises(
        InputError, match="`strategy` must be workers behind `launch`. Received: (default|mirrored|none)"
    ):
        launch.main(["--", "train", "sngan-digits", *strategy])


def test_numbers_out_of_range():
    for option in ("--workers=0", "--gpus-per-worker=-1"):
        with pytest.raises(InputError, match=option.split("=")[0].strip("-").replace("-", "_")):
            launch.main([option, "--", "train", "sngan-digits"])


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


OWN_INDEX = "import json, os; index = json.loads(os.environ['TF_CONFIG'])['task']['index']\n"


def test_the_others_end_when_one_fails(monkeypatch):
    monkeypatch.setattr("tf_infomax.commands.worker_processes.GRACE_SECONDS", 0.5)
    code = f"{OWN_INDEX}import sys, time\nif index == 1: sys.exit(7)\ntime.sleep(100)"
    with WorkerProcesses(python(code), number=3) as workers:
        assert workers.wait() == 7
    assert None not in workers._statuses()


def test_lines_of_the_others_have_their_number(capfd):
    with WorkerProcesses(python(f"{OWN_INDEX}print('I am', index)"), number=2) as workers:
        assert workers.wait() == 0
    printed = capfd.readouterr()
    assert printed.out == "I am 0\n" and printed.err == "[worker 1] I am 1\n"


def test_bytes_that_are_no_text_are_shown(capfd):
    code = f"{OWN_INDEX}import sys\nsys.stdout.buffer.write(b'caf\\xe9\\n') if index else None\nprint('end', index)"
    with WorkerProcesses(python(code), number=2) as workers:
        assert workers.wait() == 0
    assert sorted(capfd.readouterr().err.splitlines()) == [r"[worker 1] caf\xe9", "[worker 1] end 1"]


def test_a_worker_whose_launcher_has_ended_does_not_begin():
    command = [sys.executable, "-m", "tf_infomax.commands.worker", "train", "--help"]
    ended = subprocess.run(command, env={**os.environ, LAUNCHER: "1"}, capture_output=True, text=True)
    assert ended.returncode == 1 and "error: the launcher of this worker has ended." in ended.stderr
    own = subprocess.run(command, env={**os.environ, LAUNCHER: str(os.getpid())}, capture_output=True, text=True)
    assert own.returncode == 0 and "usage" in own.stdout


def test_gpus_are_dealt_out(capfd):
    code = f"{OWN_INDEX}print(index, os.environ['CUDA_VISIBLE_DEVICES'])"
    for gpus, expected in ((2, ["0 0,1", "[worker 1] 1 2,3"]), (0, ["0 -1", "[worker 1] 1 -1"])):
        with WorkerProcesses(python(code), number=2, gpus=gpus) as workers:
            assert workers.wait() == 0
        printed = capfd.readouterr()
        assert [printed.out.strip(), printed.err.strip()] == expected


def test_gpus_are_those_that_this_process_may_use(capfd, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,7,GPU-a")
    with WorkerProcesses(python(f"{OWN_INDEX}print(os.environ['CUDA_VISIBLE_DEVICES'])"), number=3, gpus=1) as workers:
        assert workers.wait() == 0
    printed = capfd.readouterr()
    assert printed.out == "5\n" and sorted(printed.err.splitlines()) == ["[worker 1] 7", "[worker 2] GPU-a"]
    with pytest.raises(InputError, match="must have 2 GPUs for each worker. Received: 5,7,GPU-a"):
        WorkerProcesses(python("pass"), number=2, gpus=2)
    for none in ("", "-1"):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", none)
        with pytest.raises(InputError, match=f"must have 1 GPUs for each worker. Received: {none or 'none'}"):
            WorkerProcesses(python("pass"), number=2, gpus=1)


def test_free_ports_are_distinct():
    ports = free_ports(20)
    assert len(set(ports)) == 20 and min(ports) > 1023
