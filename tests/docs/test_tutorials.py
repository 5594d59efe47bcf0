"""The tutorials, run as a user runs them, with a few steps."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "docs" / "tutorials").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_tutorial_runs(script, tmp_path):
    result = run(script, tmp_path)
    assert result.returncode == 0, result.stderr
    picture = tmp_path / script.stem / f"{script.stem}.png"
    assert picture.stat().st_size > 0
    assert picture.name in script.read_text() and script.with_suffix(".png").is_file()


def run(script: Path, folder: Path) -> subprocess.CompletedProcess:
    """Runs a tutorial in a folder, with the commands of this Python's environment."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    environment = {**os.environ, "TUTORIAL_STEPS": "4", "PATH": path, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    return subprocess.run(
        [sys.executable, str(script)], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
