"""Measurements during training, and the best model."""

import dataclasses
import json
import logging
from pathlib import Path

import pytest

from tests.small_presets import narrow
from tests.standins import standin
from tests.tiny import assert_equal_states
from tf_infomax import callbacks
from tf_infomax.commands import train as train_command
from tf_infomax.errors import InputError
from tf_infomax.metrics import POINT_METRICS
from tf_infomax.models import current_step
from tf_infomax.presets import Preset
from tf_infomax.runs.config import training_source
from tf_infomax.runs.directory import LAYOUT, RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.tasks import task_of
from tf_infomax.runs.training import train
from tf_infomax.runs.watching import measurements

NUM_STEPS = 6
GRID = narrow("vgan-grid", steps=NUM_STEPS, batch_size=8, discriminator_steps=1)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    """A run on two replicas."""
    path = tmp_path_factory.mktemp("runs") / "run"
    options = {"metrics_every": 2, "num_watched": 60, "metrics": ("mmd",), "keep_best": "wd"}
    train(GRID, path, options=GANRunOptions(strategy="mirrored", **options))
    return RunDirectory(path)


def test_the_command_line():
    options = "--metrics is modes --keep-best kid --num-watched 60 --feature-output conv --force-features".split()
    _, arguments = train_command.parse(["sngan-cifar10", "--run-dir", "run", "--features", "keras:VGG16", *options])
    chosen = {"metrics": ("is", "modes"), "keep_best": "kid", "num_watched": 60, "features": "keras:VGG16"}
    assert arguments.options == GANRunOptions(**chosen, feature_output="conv", force_features=True)


def test_the_record_of_the_best_model(run):
    rows = json.loads(run.watched_path.read_text())["measurements"]
    assert [row["step"] for row in rows] == [2, 4, 6] and {tuple(row["metrics"]) for row in rows} == {("wd", "mmd")}
    values = {row["step"]: row["metrics"]["wd"] for row in rows}
    step = min(values, key=lambda step: values[step])
    assert run.best_record() == {
        **{"metric": "wd", "value": values[step], "step": step, "definition": POINT_METRICS["wd"].definition},
        **{"num_samples": 60, "batch_statistics": None},
    }


def test_the_best_model_has_the_best_value(run):
    best = run.load_gan(best=True)
    record = run.best_record()
    assert current_step(best) == record["step"]
    (watcher,) = watchers(run, GRID, GANRunOptions(num_watched=60))
    again = watcher.suite.compare(watcher._real, watcher.suite.extract(best.generate(60, seed=1)))
    assert float(again["wd"]) == pytest.approx(record["value"], rel=1e-5)


def test_the_report_names_the_best_step(run):
    report = task_of(GRID.model.builds).report(run, GRID)
    record = run.best_record()
    assert f"Best wd: {record['value']:.4g} at step {record['step']}" in report
    assert report.splitlines()[-1].startswith("Next:")


def test_watching_changes_nothing(run, tmp_path):
    options = GANRunOptions(metrics_every=0, strategy="mirrored")
    assert_equal_states(train(GRID, tmp_path / "run", options=options), run.load_gan())
    plain = RunDirectory(tmp_path / "run")
    assert not plain.watched_path.exists()
    for read in (plain.best_record, lambda: plain.load_gan(best=True)):
        with pytest.raises(InputError, match="has no best model, best.keras; a run with --keep-best keeps one"):
            read()


def test_the_files_are_those_of_a_run(run):
    """So --overwrite deletes them."""
    assert {path.name for path in run.path.iterdir()} - set(LAYOUT) == {"gan.keras"}
    assert {"watched.json", "best.keras", "best.json"} <= {path.name for path in run.path.iterdir()}


@pytest.mark.parametrize(
    "options, message",
    [
        ({"keep_best": "wd", "metrics_every": 0}, "`keep_best` is for measurements .*`metrics_every` is 0"),
        ({"metrics": ("wd",), "metrics_every": 0}, "`metrics` is for measurements"),
        ({"num_watched": 60, "metrics_every": 0}, "`num_watched` is for measurements"),
        ({"keep_best": "fid"}, "`keep_best` must be one of .*wd.* Received: fid"),
        ({"metrics": ("wd", "fid")}, "`metrics` must be among .* Received: fid"),
        ({"num_watched": 100_001}, "`num_watched` must be at most 100000, .* grid .* Received: 100001"),
    ],
)
def test_bad_input_writes_nothing(options, message, tmp_path):
    with pytest.raises(InputError, match=message):
        train(GRID, tmp_path / "run", options=GANRunOptions(**options))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("options", [{"metrics": ()}, {"num_watched": 1}, {"metrics_every": -1}])
def test_options_out_of_range(options):
    with pytest.raises(InputError, match=f"`{next(iter(options))}` must"):
        GANRunOptions(**options)


def watchers(run: RunDirectory, preset: Preset, options: GANRunOptions) -> list[callbacks.SampleMetrics]:
    return measurements(run, preset, training_source(preset, options), options)


def folder(photos: Path) -> tuple[Preset, GANRunOptions]:
    preset = narrow("sngan-digits", dataset="folder", num_channels=3, batch_size=8, split="train", steps=1)
    return preset, GANRunOptions(data_dir=str(photos), metrics_every=1)


def test_data_without_default_features_are_not_measured(photos, tmp_path, caplog):
    preset, options = folder(photos)
    assert watchers(RunDirectory(tmp_path), preset, options) == []
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == (
        "nothing is measured during training: folder has no default features; name some with --features"
    )
    with pytest.raises(InputError, match="`keep_best` is for measurements .* and `features` none"):
        train(preset, tmp_path, options=dataclasses.replace(options, keep_best="fid"))


def test_no_notice_where_nothing_is_to_be_measured(photos, tmp_path, caplog):
    preset, options = folder(photos)
    assert watchers(RunDirectory(tmp_path), preset, dataclasses.replace(options, metrics_every=0)) == []
    assert not caplog.records


def test_more_images_than_there_are(photos, tmp_path):
    preset, options = folder(photos)
    named = dataclasses.replace(options, features="digits", force_features=True)
    assert watchers(RunDirectory(tmp_path), preset, named)[0].num_samples == 8
    with pytest.raises(InputError, match="`num_watched` must be at most 8, .* folder .* Received: 9"):
        watchers(RunDirectory(tmp_path), preset, dataclasses.replace(named, num_watched=9))


@pytest.mark.parametrize("name", ["sngan-digits", "sngan-stacked-digits", "sngan-cifar10", "folder", "vgan-ver-ring"])
def test_samples_of_every_kind_are_measured(name, photos, tmp_path):
    """Once, before training."""
    preset, options = folder(photos) if name == "folder" else (narrow(name, steps=2, batch_size=4), GANRunOptions())
    if name == "sngan-cifar10":
        options = GANRunOptions(data_dir=standin("cifar10", tmp_path / "datasets"))
    if name in ("sngan-cifar10", "folder"):
        options = dataclasses.replace(options, features="digits", force_features=True)
    run = RunDirectory(tmp_path / "run")
    options = dataclasses.replace(options, metrics_every=1, num_watched=8, metrics=("modes",), keep_best="modes")
    (watcher,) = watchers(run, preset, options)
    watcher.set_model(preset.build())
    watcher.on_train_begin()
    watcher.on_step(1, {})
    (row,) = json.loads(run.watched_path.read_text())["measurements"]
    assert next(iter(row["metrics"])) == "modes" and row["spread"] > 0
    assert run.best_model_path.exists() and json.loads(run.best_record_path.read_text())["num_samples"] == 8
