"""The quickstart from beginning to end, small."""

import json

import pytest

from tests import programs
from tf_infomax.metrics import IMAGE_METRICS


@pytest.mark.slow
def test_quickstart(tmp_path):
    run = tmp_path / "run"
    result = programs.tf_infomax("quickstart", "--run-dir", run, "--steps", 2, "--num-images", 200)
    assert result.returncode == 0, result.stderr
    assert "at most 0 grey levels" in result.stdout or "at most 1 grey levels" in result.stdout
    assert (run / "samples" / "final.png").is_file()
    assert (run / "saved_model" / "1" / "saved_model.pb").is_file()
    records = json.loads((run / "metrics.json").read_text())
    assert {record["metric"] for record in records} == IMAGE_METRICS.keys()
    assert "Traceback" not in result.stderr
