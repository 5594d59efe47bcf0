"""The results in the repository are those of the experiments as they are now: a command goes on with them."""

import json
from pathlib import Path

import pytest

from tf_infomax.reproduction import ver_tables
from trainers.reproduce import EXPERIMENTS

RESULTS = Path(__file__).parents[2] / "results"
MADE = [name for name in EXPERIMENTS if (RESULTS / name / "results.json").exists()]


def test_most_experiments_have_results():
    assert len(MADE) >= 5


@pytest.mark.parametrize("name", MADE)
def test_settings_rows_and_seeds(name, monkeypatch):
    monkeypatch.setattr(ver_tables, "_floor_text", lambda *args: "")  # takes seconds and is in no setting
    experiment, results = EXPERIMENTS[name](), json.loads((RESULTS / name / "results.json").read_text())
    assert results["settings"] == json.loads(json.dumps(experiment.settings))
    cells = {(cell["row"], cell["seed"]) for cell in results["cells"]}
    assert cells == {(row, seed) for row in experiment.rows for seed in results["seeds"]}
    assert set(results["summary"]) == set(experiment.rows)
    if not name.startswith("ver-weights"):
        assert results["seeds"] == list(experiment.seeds)
