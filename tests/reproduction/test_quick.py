"""Experiments in their quick form: a few steps, and rows enough to see each kind."""

import json
from pathlib import Path

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.reproduction.cells import reproduce
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.experiments import EXPERIMENTS, make_experiment
from tf_infomax.reproduction.infomax_gan import cost, mode_collapse
from tf_infomax.reproduction.infomax_gan.contrastive_classifier import shuffled_batches
from tf_infomax.reproduction.table_data import TableData

RUN_TABLES = (
    *("stacked-mnist", "natural-images", "stability", "sensitivity", "ablations"),
    *("deep-infomax-generator", "little-data", "very-little-data"),
)
ROWS = {
    "stacked-mnist": ("dcgan-quarter-im-ver",),
    "natural-images": ("ssgan-im",),
    "little-data": ("sngan-ada",),
    "very-little-data": ("infomax-gan-diffaugment",),
    "stability": ("sngan-adam-0-0.9-ndis-1", "infomax-gan-adam-0-0.9-ndis-1"),
    "sensitivity": ("alpha-0.2-beta-0",),
    "ablations": ("local-local",),
    "deep-infomax-generator": ("ie",),
    "contrast-digits": ("scores-times-5",),
    "contrast-natural": ("mean-pooling",),
    "deep-infomax-ablations": ("jsd-1-negatives", "prior-10"),
    "deep-infomax-cifar10": ("bigan", "nat"),
    "estimators": ("mine-8-numbers-2-nats", "ndm-64-numbers-50-nats"),
}
"""Rows of large tables that are computed."""
OWN_DATA = {"stacked-mnist": "stacked-mnist", "little-data": "digits", "very-little-data": "digits"}
"""Datasets of tables that are not made for CIFAR-10."""


def made(name: str, folder: Path) -> tuple[Experiment, dict, str]:
    """Makes the quick form of a table, or some of its rows; returns it, its results and its text."""
    experiment = make_experiment(name, quick=True)
    results = reproduce(
        experiment, seeds=[0], rows=ROWS.get(name), output=folder, work_dir=folder / "runs", command=["x"]
    )
    return experiment, results, (folder / "table.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN_TABLES)
def test_runs_are_trained_measured_and_drawn(name, tmp_path):
    experiment, results, text = made(name, tmp_path)
    assert set(results["summary"]) == set(ROWS[name])
    columns = [column for column in experiment.columns if not column.startswith("floor")]
    for values in results["summary"].values():
        assert all(np.isfinite(values[column]["mean"]) for column in columns)
    figures = list(tmp_path.glob("curves*.png"))
    assert figures and all(figure.stat().st_size > 0 for figure in figures)
    assert all(claim.text in text for claim in experiment.claims)


@pytest.mark.slow
def test_forgetting(tmp_path):
    experiment, results, text = made("forgetting", tmp_path)
    assert all(0 <= results["summary"][row]["mean"]["mean"] <= 100 for row in experiment.rows)
    curve = json.loads((tmp_path / "runs" / "classifier-im-seed-0" / "accuracy.json").read_text())
    assert curve["steps"] == list(range(1, 9)) and (tmp_path / "curves.png").exists()
    assert "loses less when the class changes" in text


@pytest.mark.slow
def test_mode_collapse(tmp_path):
    experiment, results, text = made("mode-collapse", tmp_path)
    assert results["summary"]["one-image"]["accuracy"]["mean"] == 0.0
    assert len(experiment.rows) == 12 and "**undecided**, mean advantage" in text
    assert len(list((tmp_path / "runs").glob("contrast-seed-*.json"))) == 1 and (tmp_path / "curves.png").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["contrast-digits", "contrast-natural"])
def test_the_study_of_the_contrast(name, tmp_path):
    experiment, results, _ = made(name, tmp_path)
    (values,) = results["summary"].values()
    assert all(np.isfinite(values[column]["mean"]) for column in experiment.columns)
    assert experiment.columns["times_chance"] == "accuracy / chance"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "pictures"),
    [("deep-infomax-ablations", ("negatives", "prior")), ("deep-infomax-cifar10", ("accuracies", "codes"))],
)
def test_probed_encoders(name, pictures, tmp_path):
    experiment, results, text = made(name, tmp_path)
    assert set(results["summary"]) == set(ROWS[name])
    for values in results["summary"].values():
        assert all(np.isfinite(values[column]["mean"]) for column in experiment.columns)
    assert all((tmp_path / f"{picture}.png").stat().st_size > 0 for picture in pictures)
    assert all(claim.text in text for claim in experiment.claims)


def test_estimators(tmp_path):
    experiment, results, text = made("estimators", tmp_path)
    for row in ROWS["estimators"]:
        means = {name: column["mean"] for name, column in results["summary"][row].items()}
        assert set(means) == set(experiment.columns) and np.isfinite(list(means.values())).all()
    # The Gaussian part needs no training.
    assert means["estimate"] == pytest.approx(means["truth"], rel=0.2)
    assert (tmp_path / "estimates.png").stat().st_size > 0 and "- NDM. Estimate: mean error from" in text


def test_cost(tmp_path, monkeypatch):
    """With numbers in place of `run_benchmark`, which has tests of its own."""

    def benchmark(presets, options):
        seconds = {"infomax-gan": 0.55, "sngan": 0.5}
        timed = [(name.split(" ")[0], preset) for name, preset in presets]
        assert [list(preset.model.objectives) for _, preset in timed] == [["infomax"], []] and options.steps == 1
        return {
            "presets": [{"seconds_per_step": {"median": seconds[name]}, "peak_memory_mib": 100} for name, _ in timed],
            "ratio": {"median_of_ratios": 1.1},
        }

    monkeypatch.setattr(cost, "run_benchmark", benchmark)
    _, results, text = made("cost", tmp_path)
    means = {name: column["mean"] for name, column in results["summary"]["32px-ndis-1"].items()}
    assert means["sngan_seconds"] == 50.0 and means["infomax_gan_seconds"] == pytest.approx(55.0)
    assert means["overhead"] == pytest.approx(10.0) and means["sngan_mib"] == 100
    assert "InfoMax takes less than 0.1%" in text


@pytest.mark.parametrize("name", RUN_TABLES)
def test_data_of_ones_own(name):
    data = TableData(dataset="folder", data_dir="somewhere", data_name="my photos", features="digits")
    experiment = make_experiment(name, data=data)
    assert experiment.title.startswith("my photos, ")
    assert {own["data"]["dataset"] for own in experiment.settings["presets"].values()} == {"folder"}
    assert "somewhere" not in json.dumps(experiment.settings)
    own = make_experiment(name)
    assert own.settings["data"]["dataset"] == OWN_DATA.get(name, "cifar10")


def test_features_are_chosen_before_anything_trains():
    with pytest.raises(InputError, match="folder needs a choice of features: --features"):
        make_experiment("contrast-natural", data=TableData(dataset="folder"))
    own = make_experiment("natural-images", data=TableData(dataset="cifar10", data_dir="somewhere"))
    copy = make_experiment("natural-images", data=TableData(dataset="cifar10", features="inception:COPY"))
    assert own.settings == copy.settings == make_experiment("natural-images").settings
    assert own.columns == copy.columns and own.columns["fid"] == "FID"


@pytest.mark.parametrize("steps, every, measured", [(4, 2, [2, 4]), (5, 2, [2, 4, 5]), (2, 250, [2])])
def test_mode_collapse_is_measured_at_the_end(steps, every, measured):
    assert mode_collapse._Protocol(steps, every, 1).measured_steps == measured


def test_batches_need_as_many_images():
    with pytest.raises(InputError, match="A batch of 4 needs as many images. Received: 3"):
        next(shuffled_batches(np.zeros((3, 1)), 4, 0))


@pytest.mark.parametrize("classes, fewest", [((70, 70), 70), ((70, 70, 3), 3)])
def test_classes_of_mode_collapse_are_as_many_as_it_says(classes, fewest):
    test = [np.zeros([number, 2, 2, 1], np.uint8) for number in classes]
    with pytest.raises(InputError, match=f"3 classes with at least 64 test images. Received: {len(test)}, .* {fewest}"):
        mode_collapse._check_classes(test, 3, 64)


def test_tables_of_one_dataset_refuse_another():
    with pytest.raises(InputError, match=r"^Other data are for stacked-mnist, natural-images.*Received: ver-table1$"):
        make_experiment("ver-table1", data=TableData(dataset="mnist"))
    assert not EXPERIMENTS["ver-table1"].takes_data
