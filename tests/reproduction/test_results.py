"""The results in the repository match the current experiments, so that a command continues them."""

import json
from pathlib import Path

import pytest

from tf_infomax.presets import preset_named
from tf_infomax.reproduction.experiments import EXPERIMENTS, make_experiment, takes_steps
from tf_infomax.reproduction.index import experiment_of, index
from tf_infomax.reproduction.ver.weights import chosen_weights
from tf_infomax.runs.identity import differing, flat

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
MEASURED_OTHERWISE = {"serving", "serving-load", "stress"}
"""Folders of results that commands of their own write."""
ENTROPY_WEIGHT = "objectives.variational_entropy.generator_weight"


def results_of(folder: str) -> dict:
    return json.loads((RESULTS / folder / "results.json").read_text())


MEASURED = sorted({path.parent.name for path in RESULTS.glob("*/results.json")} - MEASURED_OTHERWISE)


def test_every_result_is_of_an_experiment():
    assert {results_of(folder)["name"] for folder in MEASURED} <= set(EXPERIMENTS)


@pytest.mark.parametrize("folder", MEASURED)
def test_settings_rows_and_seeds(folder):
    results = results_of(folder)
    experiment = experiment_of(results["name"], results)
    assert differing(flat(results["settings"]), flat(json.loads(json.dumps(experiment.settings)))) == []
    assert {cell["row"] for cell in results["cells"]} <= set(experiment.rows)
    assert list(results["summary"]) == [row for row in experiment.rows if row in results["summary"]]


@pytest.mark.parametrize("steps", [None, 7])
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_results_tell_their_experiment(name, steps):
    steps = steps if takes_steps(name) else None
    settings = json.loads(json.dumps(make_experiment(name, steps=steps).settings))
    found = experiment_of(name, {"settings": settings})
    assert differing(flat(settings), flat(json.loads(json.dumps(found.settings)))) == []


def test_the_index_is_that_of_the_results():
    assert (RESULTS / "README.md").read_text() == index(RESULTS)


@pytest.mark.parametrize("dataset", ["ring", "grid", "digits"])
def test_presets_have_the_weights_that_the_sweeps_chose(dataset):
    results = json.loads((RESULTS / f"ver-weights-{dataset}" / "results.json").read_text())
    for method, weight in chosen_weights(results["summary"]).items():
        assert preset_named(f"{method}-{dataset}").get(ENTROPY_WEIGHT) == float(weight), method
