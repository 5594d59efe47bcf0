"""Tables I to III of GAN + VER, with tiny networks and a few steps."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax import data
from tf_infomax.metrics import POINT_METRICS, PROBABILITY_METRICS, evaluate_points, headings
from tf_infomax.presets import PRESETS, preset_named
from tf_infomax.reproduction.cells import reproduce
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.reproduction.experiments import EXPERIMENTS
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.reproduction.table_text import table
from tf_infomax.reproduction.ver import figures as ver_figures
from tf_infomax.reproduction.ver import tables as ver_tables
from tf_infomax.reproduction.ver.samples import measure_samples, real_against_real
from tf_infomax.reproduction.ver.tables import METHODS, ver_table, ver_table_mnist, weight_sweep
from tf_infomax.reproduction.ver.weights import choice, chosen_weights
from tf_infomax.runs import training, watching
from tf_infomax.runs.directory import RunDirectory

ROWS = ("vgan", "wgan-ver")
STEPS, NUM_SAMPLES = 4, 50
POINT_COLUMNS = ["modes", "hq", "kl", "wd", "mmd", "ta", "ra", "ga", "pr", "re"]
IMAGE_COLUMNS = ["is", "fid", "modes", "kl", "wd", "mmd", "ta", "ra", "ga", "pr", "re"]
COMMAND = ["python", "-m", "trainers.reproduce", "ver-table1"]


def tiny_preset(name: str):
    widths = {"generator.base_channels": 8, "discriminator.base_channels": 8, "batch_size": 8}
    return preset_named(name).override({**widths, "jit_compile": False})


@pytest.fixture(scope="module", autouse=True)
def _tiny() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ver_tables, "preset_named", tiny_preset)
        patch.setattr(ver_tables, "METHODS", ROWS)
        patch.setattr(watching, "WATCHED_POINTS", 40)
        patch.setattr(ver_figures, "NUM_POINTS", 60)
        yield


class Run:
    """Calls of one command in one folder; `trained` is what each call trained."""

    def __init__(self, folder: Path) -> None:
        self.output, self.work_dir = folder / "results", folder / "runs"
        self.trained: list[list[tuple[str, int]]] = []

    def __call__(self, seeds: list[int], *, steps: int = STEPS, fail_at: int | None = None) -> dict:
        trained: list[tuple[str, int]] = []
        self.trained.append(trained)

        def train(preset, folder, *, name, options):
            if len(trained) == fail_at:
                raise KeyboardInterrupt
            trained.append((name, preset.seed))
            return training.train(preset, folder, name=name, options=options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ver_tables, "train", train)
            experiment = self.experiment(steps)
            return reproduce(experiment, seeds=seeds, output=self.output, work_dir=self.work_dir, command=COMMAND)

    def experiment(self, steps: int = STEPS) -> Experiment:
        return ver_table("ring", 1, steps=steps, num_samples=NUM_SAMPLES)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """Interrupted in its second cell, continued, and then called with another seed."""
    run = Run(tmp_path_factory.mktemp("ver"))
    with pytest.raises(KeyboardInterrupt):
        run([1], fail_at=1)
    run([1])
    run([0])
    return run


@pytest.fixture
def results(run) -> dict:
    return json.loads((run.output / "results.json").read_text())


def test_cell_by_cell(run):
    assert run.trained == [[("vgan-ring", 1)], [("wgan-ver-ring", 1)], [("vgan-ring", 0), ("wgan-ver-ring", 0)]]


def test_calls_of_several_seeds_add_to_one_table(results):
    cells = [(cell["row"], cell["seed"]) for cell in results["cells"]]
    assert cells == [("vgan", 0), ("wgan-ver", 0), ("vgan", 1), ("wgan-ver", 1)] and results["seeds"] == [0, 1]


def test_results(results):
    assert list(results) == [
        "name", "command", "seeds", "settings", "machine", "versions", "seconds", "cells", "summary", "published",
        "floor",
    ]  # fmt: skip
    assert (
        results["name"] == "ver-table1" and results["command"] == "python -m trainers.reproduce ver-table1 --seeds 0 1"
    )
    assert {name: results["settings"][name] for name in ("steps", "num_samples", "num_draws", "batch_statistics")} == {
        "steps": STEPS,
        "num_samples": NUM_SAMPLES,
        "num_draws": 5,
        "batch_statistics": 8,
    }
    assert results["settings"]["presets"]["vgan"]["schedule"]["steps"] == STEPS
    assert results["published"] == {row: dict(PRESETS[f"{row}-ring"].published) for row in ROWS}
    for row in ROWS:
        values = [cell["values"] for cell in results["cells"] if cell["row"] == row]
        assert [list(value) for value in values] == [POINT_COLUMNS] * 2 and values[0] != values[1]
        for column, statistics in results["summary"][row].items():
            numbers = [value[column] for value in values]
            assert statistics == {"mean": pytest.approx(np.mean(numbers)), "std": pytest.approx(np.std(numbers))}
        assert all(0 <= value[name] <= 100 for value in values for name in ("hq", "ta", "ra", "ga", "pr", "re"))


def test_runs_behind_the_cells(run):
    assert {path.name for path in run.work_dir.iterdir()} == {f"{row}-seed-{seed}" for row in ROWS for seed in (0, 1)}
    config = json.loads((run.work_dir / "wgan-ver-seed-1" / "config.json").read_text())
    assert (config["settings"]["seed"], config["settings"]["schedule"]["steps"]) == (1, STEPS)


def test_table(run, results):
    text = (run.output / "table.md").read_text()
    assert text.startswith("GAN + VER, Table 1: ring, 4 generator steps each; 50 generated against 50 real samples")
    assert "mean of 5 draws. Samples are normalised as in training, in batches of 8. Published: trained to " in text
    assert "convergence at a learning rate of 0.0002. Real against real" in text
    assert "Real against real, 50 each: modes 8, high-quality samples (%) " in text
    assert text.endswith(f"Command: `{results['command']}`\n")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    columns = list(headings(POINT_METRICS).values())
    assert rows[0] == ["", *columns, *(f"{column}, published" for column in columns)]
    assert [row[0] for row in rows[2:]] == list(ROWS)
    assert rows[2][len(columns) + 1 :] == "8 99.28 1.739 0.185 0.058 74.15 73.47 74.84 74.73 73.47".split()
    assert all("±" in cell for row in rows[2:] for cell in row[1 : len(columns) + 1])
    assert table(results, run.experiment()) in text


def test_figures(run):
    for name in ("samples.png", "curves.png"):
        picture = tf.io.decode_png((run.output / name).read_bytes()).numpy()
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10, name


def test_nothing_is_trained_twice(run):
    before = (run.output / "results.json").read_text()
    assert run([0, 1])["seeds"] == [0, 1] and run.trained[-1] == []
    assert json.loads((run.output / "results.json").read_text()) == json.loads(before)


def test_other_steps_are_another_table(run):
    with pytest.raises(ValueError, match="results of other settings; name another --output"):
        run([0], steps=STEPS + 1)


def test_without_runs_the_figures_stay(run, tmp_path):
    there = {row: [run.work_dir / f"{row}-seed-0"] for row in ROWS}
    illustrate = run.experiment().illustrate
    illustrate(tmp_path, {row: [tmp_path / "nowhere"] for row in ROWS})
    illustrate(tmp_path, {**there, "wgan": [tmp_path / "nowhere"]})
    assert list(tmp_path.iterdir()) == []


def test_without_logs_there_are_no_curves(run, tmp_path):
    shutil.copytree(run.work_dir, tmp_path / "runs", ignore=shutil.ignore_patterns("logs"))
    folders = {row: [tmp_path / "runs" / f"{row}-seed-0"] for row in ROWS}
    run.experiment().illustrate(tmp_path / "results", folders)
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["samples.png"]


def test_a_cell_is_the_mean_of_five_draws(run, results):
    gan = RunDirectory(run.work_dir / "vgan-seed-1").load_gan()
    mixture, source = data.MIXTURES["ring"], data.load_source("ring", split="test", image_size=None)
    draws = [
        evaluate_points(
            source.sample_real(NUM_SAMPLES, i),
            gan.generate(NUM_SAMPLES, i, batch_statistics=8),
            means=mixture.means,
            std=mixture.std,
        )
        for i in range(5, 10)
    ]
    (values,) = (cell["values"] for cell in results["cells"] if (cell["row"], cell["seed"]) == ("vgan", 1))
    assert values == pytest.approx({name: np.mean([draw[name] for draw in draws]) for name in draws[0]}, rel=1e-5)


class Copier:
    """A generator that returns training digits."""

    def generate(self, num_images: int, seed: int, *, batch_statistics: None) -> np.ndarray:
        images, _ = data.load_digits("train")
        return images[np.random.default_rng(100 + seed).permutation(len(images))[:num_images], ..., None]


class Collapsed:
    """A generator of one digit."""

    def generate(self, num_images: int, seed: int, *, batch_statistics: None) -> np.ndarray:
        return np.repeat(data.load_digits("train")[0][:1, ..., None], num_images, axis=0)


def test_measures_of_digits():
    good, bad = (measure_samples(gan, "digits", num_samples=150, seed=0) for gan in (Copier(), Collapsed()))
    assert list(good) == list(bad) == IMAGE_COLUMNS == list(PROBABILITY_METRICS)
    assert (good["modes"], bad["modes"]) == (10, 1)
    assert bad["is"] == pytest.approx(1.0, abs=1e-3) and 8 < good["is"] <= 10
    assert good["kl"] < 0.3 < 5 < bad["kl"] and 10 * good["fid"] < bad["fid"] and good["wd"] < bad["wd"]
    assert bad["ga"] == 100 and good["ta"] == pytest.approx(50, abs=15)


@pytest.mark.parametrize("dataset", ["ring", "digits"])
def test_real_against_real(dataset):
    """What no generator can beat: nothing is missing and the neighbour's accuracy is that of a coin."""
    values = real_against_real(dataset, num_samples=150)
    assert list(values) == (POINT_COLUMNS if dataset == "ring" else IMAGE_COLUMNS)
    assert values["modes"] == (8 if dataset == "ring" else 10)
    assert values["ta"] == pytest.approx(50, abs=8)  # standard error of five draws: 1.3, of dependent neighbours


@pytest.mark.parametrize(
    "dataset, number, seeds, columns",
    [("ring", 1, 5, POINT_COLUMNS), ("grid", 2, 5, POINT_COLUMNS), ("digits", 3, 3, IMAGE_COLUMNS)],
)
def test_tables_of_the_paper(dataset, number, seeds, columns, monkeypatch):
    monkeypatch.setattr(ver_tables, "METHODS", METHODS)
    monkeypatch.setattr(ver_tables, "preset_named", preset_named)
    experiment = ver_table(dataset, number, num_samples=40)
    assert (experiment.name, experiment.rows, list(experiment.seeds)) == (
        f"ver-table{number}",
        ("vgan", "wgan", "vgan-ver", "wgan-ver"),
        list(range(seeds)),
    )
    assert list(experiment.columns) == columns
    assert experiment.published == {row: dict(PRESETS[f"{row}-{dataset}"].published) for row in METHODS}
    assert experiment.settings.get("batch_statistics") == (None if dataset == "digits" else 64)
    assert len({preset["schedule"]["steps"] for preset in experiment.settings["presets"].values()}) == 1


def test_sweep():
    experiment = weight_sweep("grid", weights=(0.1, 2.0), steps=3, num_samples=40)
    assert experiment.name == "ver-weights-grid" and list(experiment.seeds) == [0, 1] and not experiment.published
    assert experiment.rows == ("vgan-ver-0.1", "vgan-ver-2", "wgan-ver-0.1", "wgan-ver-2")
    presets = [experiment.settings["presets"][row] for row in experiment.rows]
    weights = [preset["model"]["objectives"]["variational_entropy"]["generator_weight"] for preset in presets]
    assert weights == [0.1, 2.0, 0.1, 2.0]
    assert {preset["data"]["dataset"] for preset in presets} == {"grid"}


def row(modes: float, ta: float, wd: float) -> dict:
    return {name: {"mean": value, "std": 0.0} for name, value in {"modes": modes, "ta": ta, "wd": wd}.items()}


def test_choice_of_the_weight():
    """Few modes do not count; within half a percent of accuracy the Wasserstein distance decides."""
    sweep = {
        "vgan-ver-0.1": row(22.8, 60.0, 0.1),
        "vgan-ver-0.3": row(24.2, 75.9, 0.59),
        "vgan-ver-1": row(24.4, 75.8, 0.76),
        "vgan-ver-3": row(24.8, 76.4, 0.2),
        "wgan-ver-0.3": row(25, 66.1, 0.2),
        "wgan-ver-1": row(25, 66.7, 0.1),
    }
    assert chosen_weights(sweep) == {"vgan-ver": "0.3", "wgan-ver": "0.3"}
    assert choice(sweep).startswith("Chosen: 0.3 for vgan-ver and 0.3 for wgan-ver.")


def test_programs():
    assert set(EXPERIMENTS) >= {f"ver-table{number}" for number in (1, 2, 3)}
    row = EXPERIMENTS["ver-table2"]
    experiment = row.make(**{**row.quick, "num_samples": 40})
    assert experiment.name == "ver-table2" and set(experiment.published["vgan"]) == set(POINT_METRICS)


def test_the_data_of_the_paper(monkeypatch):
    monkeypatch.setattr(ver_tables, "METHODS", METHODS)
    monkeypatch.setattr(ver_tables, "preset_named", preset_named)
    table = ver_table_mnist(data=TableData(data_dir="somewhere"))
    assert table.name == "ver-table3-mnist" and table.rows == METHODS
    assert table.settings["data"] == {"dataset": "mnist", "name": "mnist", "features": "digits"}
    assert {own["data"]["dataset"] for own in table.settings["presets"].values()} == {"mnist"}
    assert table.title.startswith("GAN + VER, Table 3: mnist, 6,000 generator steps")
    assert "on the digit classifier's class probabilities" in table.title
    own = ver_table_mnist(data=TableData(features="mine.keras", feature_name="mine"))
    assert "on mine's class probabilities" in own.title and own.settings["data"]["features"] == "mine"
