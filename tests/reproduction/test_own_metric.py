"""A metric from outside the package, as a row: it appears in evaluation, TensorBoard, tables and figures."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.event_files import scalars
from tf_infomax.metrics import IMAGE_METRICS, POINT_METRICS, Metric
from tf_infomax.presets import preset_named
from tf_infomax.reproduction.cells import redraw, reproduce
from tf_infomax.reproduction.curves import metric_curves
from tf_infomax.reproduction.figures import metric_panels
from tf_infomax.reproduction.infomax_gan.methods_digits import methods_digits
from tf_infomax.reproduction.ver import tables as ver_tables
from tf_infomax.reproduction.ver.tables import ver_table
from tf_infomax.runs import watching
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import EvaluationOptions, evaluate_run

EXTENT = Metric(
    title="extent",
    unit="radii",
    definition="largest distance of a generated point from the origin",
    better="lower",
    measure=lambda pair: float((pair.fake**2).sum(axis=1).max() ** 0.5),
)


def tiny_preset(name: str):
    widths = {"generator.base_channels": 8, "discriminator.base_channels": 8, "batch_size": 8}
    return preset_named(name).override({**widths, "jit_compile": False})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Iterator[Path]:
    """A table of one row, made while the metric is there."""
    folder = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(POINT_METRICS, "extent", EXTENT)
        patch.setattr(ver_tables, "preset_named", tiny_preset)
        patch.setattr(ver_tables, "METHODS", ("vgan",))
        patch.setattr(ver_tables, "_floor_text", lambda *args: "")
        patch.setattr(watching, "WATCHED_POINTS", 40)
        experiment = ver_table("ring", 1, steps=2, num_samples=30)
        reproduce(experiment, seeds=[0], output=folder / "results", work_dir=folder / "runs", command=["x"])
        yield folder


@pytest.fixture
def run(folder) -> RunDirectory:
    return RunDirectory(folder / "runs" / "vgan-seed-0")


def test_in_tables(folder):
    results = json.loads((folder / "results" / "results.json").read_text())
    assert list(results["summary"]["vgan"])[-1] == "extent"
    lines = [line for line in (folder / "results" / "table.md").read_text().splitlines() if line.startswith("|")]
    headings, row = ([cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], lines[2]))
    mean = results["summary"]["vgan"]["extent"]["mean"]
    assert float(row[headings.index("extent (radii)")]) == pytest.approx(mean, abs=0.05)


def test_in_tensorboard(run):
    assert len(scalars(run.logs)["metrics/extent"]) == 2


def test_in_evaluation(run):
    records = {
        record["metric"]: record
        for record in evaluate_run(run, EvaluationOptions(num_real=30, num_fake=30, seeds=(0,)))
    }
    assert records["extent"]["value"] > 0 and records["extent"]["definition"] == EXTENT.definition


def test_in_figures(run):
    curves = {"vgan": metric_curves(run.logs)}
    with_name, without = metric_panels(curves, POINT_METRICS), metric_panels(curves, {})
    assert with_name.shape == without.shape and (with_name != without).any()


def test_images_of_the_comparison_of_methods(monkeypatch):
    monkeypatch.setitem(IMAGE_METRICS, "extent", EXTENT)
    assert list(methods_digits().columns) == ["fid", "modes", "modes_kl", "is", "extent"]


def test_a_table_of_earlier_cells_has_a_dash(folder, monkeypatch):
    monkeypatch.setitem(POINT_METRICS, "later", dataclasses.replace(EXTENT, title="later"))
    before = (folder / "results" / "results.json").read_bytes()
    redraw(ver_table("ring", 1, steps=2, num_samples=30), output=folder / "results", work_dir=folder / "runs")
    assert (folder / "results" / "results.json").read_bytes() == before
    lines = [line for line in (folder / "results" / "table.md").read_text().splitlines() if line.startswith("|")]
    cells = [line.strip("|").split("|") for line in lines]
    assert cells[2][cells[0].index(" later (radii) ")] == " - "
