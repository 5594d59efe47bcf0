"""Evaluation of a run."""

import json

import numpy as np
import pytest

from tests.programs import TINY
from tf_infomax.commands import evaluate, train
from tf_infomax.errors import InputError
from tf_infomax.metrics import IMAGE_METRICS
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import evaluate_run


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    train.main(["infomax-gan-stacked-digits", "--run-dir", str(path), "--steps", "2", *TINY])
    return RunDirectory(path)


def test_records(run):
    evaluate.run(evaluate.Arguments(run.path, num_real=300, num_fake=200, seeds=(0, 1)))
    records = json.loads(run.metrics_path.read_text())
    assert [record["metric"] for record in records] == list(IMAGE_METRICS)
    for record in records:
        assert set(record) == {
            "metric", "value", "std", "values", "seeds", "num_real", "num_fake", "features", "definition", "dataset",
            "split", "step", "batch_statistics",
        }  # fmt: skip
        assert record["seeds"] == [0, 1]
        assert record["value"] == pytest.approx(np.mean(record["values"]))
        assert record["std"] == pytest.approx(np.std(record["values"]))
        assert (record["num_real"], record["num_fake"], record["split"], record["step"]) == (300, 200, "train", 2)


def test_evaluating_again_replaces_and_other_protocols_add(run):
    first = evaluate_run(run, num_real=300, num_fake=200, seeds=[3])
    again = evaluate_run(run, num_real=300, num_fake=200, seeds=[3])
    assert first == again
    count = len(run.records())
    evaluate_run(run, num_real=300, num_fake=100, seeds=[3])
    assert len(run.records()) == count + len(IMAGE_METRICS)


def test_a_single_seed_has_the_deviation_that_its_definition_names(run):
    records = {record["metric"]: record for record in evaluate_run(run, num_real=40, num_fake=50, seeds=[4])}
    kinds = {name: record["definition"].partition("; std is ")[2] for name, record in records.items()}
    assert {name: kind for name, kind in kinds.items() if kind} == {
        "kid_subsets": "the deviation over the subsets",
        "is_splits": "the deviation over the splits",
    }
    assert {name for name, record in records.items() if record["std"]} == {"kid_subsets", "is_splits"}


def test_a_run_with_no_model(tmp_path):
    with pytest.raises(InputError, match="holds no run"):
        evaluate_run(RunDirectory(tmp_path))
    (tmp_path / "config.json").write_text('{"model_file": "gan.keras"}')
    with pytest.raises(InputError, match="no finished model"):
        evaluate_run(RunDirectory(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match="a run of tf-infomax 0.1, which this version does not read"):
        evaluate_run(RunDirectory(tmp_path))


def test_more_real_images_than_there_are(run):
    before = run.records()
    with pytest.raises(InputError, match="26000"):
        evaluate_run(run, num_real=26_001, num_fake=10, split="test")
    assert run.records() == before
