"""Running programs as a person does, and a run small enough for tests."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TINY_NETWORKS = (
    "--batch-size 8 --generator-channels 8 --discriminator-channels 8 --latent-dim 8 --projection-dim 8".split()
)
TINY = [*TINY_NETWORKS, *"--sample-every 4 --log-every 2 --metrics-every 4".split()]


def command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-W", "error::UserWarning", "-m", module, *map(str, arguments)]


def run(module: str, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(module, *arguments), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=300
    )


def run_code(code: str) -> subprocess.CompletedProcess:
    """Runs Python code in a process of its own."""
    arguments = [sys.executable, "-c", code]
    return subprocess.run(arguments, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=300)


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
    return {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
