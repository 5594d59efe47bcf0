"""Kills runs, and fails their writes, at random moments, and compares what comes of them with a run left alone.

python -m tests.stress --kills 20 --seed 0

A run of one process and one of two workers on this machine are killed by SIGKILL in turns, the launcher or any worker,
and the same command is given again until the run ends; then a new one begins. As many runs lose a write to a full disk.
Every end must have the weights and the optimizers of a run that nothing happened to, bit for bit. It writes
`results/stress/table.md` and `results.json`, and exits with 1 if a run differs.
"""

import argparse
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.programs import ROOT, TINY_NETWORKS
from tests.records import table, write_record
from tf_infomax.runs.directory import RunDirectory

STEPS = 40
TRAINING = [
    *("train", "infomax-gan-digits", "--steps", str(STEPS), "--checkpoint-seconds", "0", *TINY_NETWORKS),
    *("--metrics-every", "20", "--num-watched", "100", "--keep-best", "fid", "--sample-every", "10"),
]
ALONE = [sys.executable, "-m", "tf_infomax", *TRAINING]
WORKERS = [sys.executable, "-m", "tf_infomax", "launch", "--workers", "2", "--", *TRAINING]
ON_A_BAD_DISK = """
import sys
from tests.faults import Disk
from tf_infomax.commands.main import main
fails_at = int(sys.argv.pop(1))
disk = Disk(fails_at if fails_at >= 0 else None)
try:
    with disk.mounted():
        main()
finally:
    print("operations", len(disk.operations), file=sys.stderr)
"""
PATIENCE = 600.0
"""Seconds after which a run counts as hanging."""


@dataclass
class Outcome:
    """What happened to the runs of one kind."""

    kind: str
    incidents: int = 0
    runs: int = 0
    equal: int = 0
    steps: list[int] = field(default_factory=list)
    """Newest steps on disk when something happened."""


def newest_step(run: Path) -> int:
    """Returns the step of the newest state in a run directory; 0 without one."""
    states = [path.name for path in (run / "checkpoints").glob("step_*.weights.h5")]
    return max((int(name.removeprefix("step_").split(".")[0]) for name in states), default=0)


def states_of(run: Path) -> list[bytes]:
    """Returns all weights, and the variables of all optimizers, of a finished run."""
    from tests.tiny import all_state

    return [value.tobytes() for values in all_state(RunDirectory(run).load_model()).values() for value in values]


def start(command: Sequence[str], run: Path) -> subprocess.Popen:
    own = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    with (run.parent / "screen.txt").open("a") as screen:
        return subprocess.Popen(
            [*command, "--run-dir", str(run)], cwd=ROOT, env=own, stdout=screen, stderr=screen, start_new_session=True
        )


def processes_below(process: subprocess.Popen) -> list[int]:
    """Returns a process and its children."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return [process.pid, *map(int, listed.stdout.split())]


def duration_of(command: Sequence[str], run: Path) -> float:
    """Lets a run end undisturbed and returns the seconds that it took."""
    began = time.monotonic()
    status = start(command, run).wait(PATIENCE)
    if status:
        raise SystemExit(f"A run that nothing happened to ended with status {status}: {run.parent / 'screen.txt'}")
    return time.monotonic() - began


def kill_runs(outcome: Outcome, command: Sequence[str], reference: Path, folder: Path, draws: random.Random) -> None:
    """Makes runs, one of whose processes is killed again and again, until there were as many kills as asked for."""
    (folder / "undisturbed").mkdir(parents=True)
    seconds = duration_of(command, folder / "undisturbed" / "run")
    outcome.runs, outcome.equal = 1, int(states_of(folder / "undisturbed" / "run") == states_of(reference))
    left = outcome.incidents
    for number in itertools.count():
        if not left:
            return
        run = folder / str(number) / "run"
        run.parent.mkdir(parents=True)
        while True:
            process = start(command, run)
            if left and not _has_ended(process, draws.uniform(0.1, 1.0) * seconds):
                outcome.steps.append(newest_step(run))
                os.kill(draws.choice(processes_below(process)), signal.SIGKILL)
                left -= 1
                process.wait(PATIENCE)
                _wait_until_free(run)
            elif process.wait(PATIENCE) == 0:
                break
        outcome.runs += 1
        outcome.equal += states_of(run) == states_of(reference)


def _has_ended(process: subprocess.Popen, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _wait_until_free(run: Path) -> None:
    """Waits until workers whose launcher was killed have ended, too."""
    end = time.monotonic() + PATIENCE
    while subprocess.run(["pgrep", "-f", f"--run-dir {run}"], capture_output=True).stdout:
        if time.monotonic() > end:
            raise SystemExit(f"Processes of {run} do not end.")
        time.sleep(0.2)


def fail_writes(outcome: Outcome, reference: Path, folder: Path, draws: random.Random) -> None:
    """Makes runs that lose one operation of a file each, and are then given again."""
    bad_disk = [sys.executable, "-c", ON_A_BAD_DISK]
    counted = folder / "counted" / "run"
    counted.parent.mkdir(parents=True)
    duration_of([*bad_disk, "-1", *TRAINING], counted)
    operations = int((counted.parent / "screen.txt").read_text().rpartition("operations ")[2].split()[0])
    for number in range(outcome.incidents):
        run = folder / str(number) / "run"
        run.parent.mkdir(parents=True)
        start([*bad_disk, str(draws.randrange(operations)), *TRAINING], run).wait(PATIENCE)
        outcome.steps.append(newest_step(run))
        duration_of(ALONE, run)
        outcome.runs += 1
        outcome.equal += states_of(run) == states_of(reference)


def report(outcomes: Sequence[Outcome]) -> str:
    """Returns the table with its caption."""
    header = ["What happened", "times", "newest state at that moment, steps", "runs", "equal to one left alone"]
    rows: list[list[object]] = []
    for outcome in outcomes:
        steps = f"{min(outcome.steps)} to {max(outcome.steps)} of {STEPS}" if outcome.steps else "-"
        equal = "all, bit for bit" if outcome.equal == outcome.runs else f"{outcome.equal}"
        rows.append([outcome.kind, outcome.incidents, steps, outcome.runs, equal])
    caption = "Runs of InfoMax-GAN on digits to which things happened at random moments, continued by the same command."
    return f"{caption}\n\n{table(header, rows)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="kills, half of them of two workers; as many bad writes")
    parser.add_argument("--seed", type=int, default=0, help="seed of the moments")
    parser.add_argument("--output", type=Path, default=ROOT / "results" / "stress", help="folder of the report")
    arguments = parser.parse_args()
    began, draws = time.monotonic(), random.Random(arguments.seed)
    half = arguments.kills // 2
    outcomes = [
        Outcome("`kill -9` of a run of one process", arguments.kills - half),
        Outcome("`kill -9` of the launcher or of one of two workers", half),
        Outcome("a write, a flush or a move that failed", arguments.kills),
    ]
    folder = Path(tempfile.mkdtemp(prefix="stress-"))
    references = {kind: folder / f"reference-{kind}" / "run" for kind in ("alone", "workers")}
    for kind, command in (("alone", ALONE), ("workers", WORKERS)):
        references[kind].parent.mkdir(parents=True)
        duration_of(command, references[kind])
    parts: list[Callable[[], None]] = [
        lambda: kill_runs(outcomes[0], ALONE, references["alone"], folder / "killed", draws),
        lambda: kill_runs(outcomes[1], WORKERS, references["workers"], folder / "killed-workers", draws),
        lambda: fail_writes(outcomes[2], references["alone"], folder / "faults", draws),
    ]
    for part, outcome in zip(parts, outcomes, strict=True):
        part()
        print(asdict(outcome), file=sys.stderr)
    command = f"python -m tests.stress --kills {arguments.kills} --seed {arguments.seed}"
    found = [asdict(outcome) for outcome in outcomes]
    text = report(outcomes)
    print(text)
    write_record(arguments.output, text, command=command, seconds=time.monotonic() - began, outcomes=found)
    if any(outcome.equal < outcome.runs for outcome in outcomes):
        sys.exit(f"A run differs; all are in {folder}.")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
