"""The results in the repository match the current experiments, so that a command continues them."""

import json
from pathlib import Path

import pytest

from tf_infomax.presets import preset_named
from tf_infomax.reproduction import ver_tables
from tf_infomax.reproduction.experiments import EXPERIMENTS
from tf_infomax.reproduction.ver_weights import chosen_weights

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
MEASURED_OTHERWISE = {"serving", "serving-load", "stress"}
"""Folders of results that commands of their own write."""
ENTROPY_WEIGHT = "objectives.variational_entropy.generator_weight"


def test_every_experiment_has_its_results():
    found = {path.parent.name for path in RESULTS.glob("*/results.json")}
    assert found == {*EXPERIMENTS, *MEASURED_OTHERWISE}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_settings_rows_and_seeds(name, monkeypatch):
    monkeypatch.setattr(ver_tables, "_floor_text", lambda *args: "")  # takes seconds and is in no setting
    experiment, results = EXPERIMENTS[name].make(), json.loads((RESULTS / name / "results.json").read_text())
    assert results["settings"] == json.loads(json.dumps(experiment.settings))
    cells = {(cell["row"], cell["seed"]) for cell in results["cells"]}
    assert cells == {(row, seed) for row in experiment.rows for seed in results["seeds"]}
    assert set(results["summary"]) == set(experiment.rows)
    if not name.startswith("ver-weights"):
        assert results["seeds"] == list(experiment.seeds)


@pytest.mark.parametrize("dataset", ["ring", "grid", "digits"])
def test_presets_have_the_weights_that_the_sweeps_chose(dataset):
    results = json.loads((RESULTS / f"ver-weights-{dataset}" / "results.json").read_text())
    for method, weight in chosen_weights(results["summary"]).items():
        assert preset_named(f"{method}-{dataset}").get(ENTROPY_WEIGHT) == float(weight), method
