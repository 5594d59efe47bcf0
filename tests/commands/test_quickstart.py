"""The quickstart from beginning to end, small, and without a process of its own."""

import json

import pytest

from tf_infomax.commands import quickstart
from tf_infomax.metrics import IMAGE_METRICS


@pytest.mark.slow
def test_quickstart(tmp_path, capsys):
    run = tmp_path / "run"
    quickstart.main(["--run-dir", str(run), "--steps", "2", "--num-images", "200"])
    printed = capsys.readouterr().out
    assert "at most 0 grey levels" in printed or "at most 1 grey levels" in printed
    assert (run / "samples" / "final.png").is_file()
    assert (run / "saved_model" / "1" / "saved_model.pb").is_file()
    records = json.loads((run / "metrics.json").read_text())
    assert {record["metric"] for record in records} == IMAGE_METRICS.keys()
