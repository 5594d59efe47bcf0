"""The results in the repository are those of the experiments as they are now: a command goes on with them."""

import json
from pathlib import Path

import pytest

from tf_infomax.presets import preset_named
from tf_infomax.reproduction import ver_tables
from tf_infomax.reproduction.experiment import mean_and_deviation
from tf_infomax.reproduction.ver_weights import chosen_weights
from trainers.reproduce import EXPERIMENTS

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
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


@pytest.mark.parametrize("dataset", ["ring", "grid", "digits"])
def test_presets_have_the_weights_that_the_sweeps_chose(dataset):
    results = json.loads((RESULTS / f"ver-weights-{dataset}" / "results.json").read_text())
    for method, weight in chosen_weights(results["summary"]).items():
        assert preset_named(f"{method}-{dataset}").variational_entropy_weight == float(weight), method


@pytest.mark.parametrize("name", ["methods-digits", "deep-infomax-digits"])
def test_readme_shows_the_table_as_measured(name):
    rows = [line for line in (RESULTS / name / "table.md").read_text().splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(EXPERIMENTS[name]().rows)
    readme = (ROOT / "README.md").read_text()
    for row in rows:
        assert row in readme


@pytest.mark.parametrize("number", [number for number in (1, 2, 3) if f"ver-table{number}" in MADE])
def test_readme_shows_ours_and_the_papers_numbers(number):
    results = json.loads((RESULTS / f"ver-table{number}" / "results.json").read_text())
    columns = ["modes", "kl", "wd", "mmd", "ta"]
    columns = ["is", "fid", *columns] if number == 3 else ["modes", "hq", *columns[1:]]
    readme = (ROOT / "README.md").read_text()
    for row, own in results["summary"].items():
        published = results["published"][row]
        cells = [f"{mean_and_deviation(own[column])} ({published[column]:g})" for column in columns]
        assert f"| {row} | {' | '.join(cells)} |" in readme
