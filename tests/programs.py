"""Helpers that run programs as a user does, and a run small enough for tests."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND_LINE = "tf_infomax.commands.main"
"""What the console script `tf-infomax` calls."""
TINY_GAN = "--batch-size 8 --generator.base-channels 8 --discriminator.base-channels 8 --generator.latent-dim 8".split()
TINY_NETWORKS = [*TINY_GAN, "--objectives.infomax.projection-dim", "8"]
OFTEN = "--sample-every 4 --log-every 2 --metrics-every 4 --num-watched 200".split()
TINY = [*TINY_NETWORKS, *OFTEN]
"""Of a GAN with InfoMax."""


def command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-W", "error::UserWarning", "-m", module, *map(str, arguments)]


def run(module: str, *arguments: object) -> subprocess.CompletedProcess:
    return run_process(command(module, *arguments))


def run_code(code: str, *arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """Runs Python code in a process of its own."""
    return run_process([sys.executable, "-c", code, *map(str, arguments)], cwd=cwd)


def tf_infomax(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """Runs the console script `tf-infomax`."""
    return run_code(f"from {COMMAND_LINE} import main; main()", *arguments, cwd=cwd)


def run_process(arguments: list[str], *, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=300)


def start(module: str, *arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        command(module, *arguments),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return {**own, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), own.get("PYTHONPATH")]))}
