"""Evaluation of a run: records, their provenance, and what replaces what."""

import dataclasses
import json

import numpy as np
import pytest

from tf_infomax.data import load_source
from tf_infomax.errors import InputError
from tf_infomax.files import sha256_of
from tf_infomax.metrics import DigitFeatures, feature_files, frechet_distance
from tf_infomax.metrics.digit_classifier import WEIGHTS_PATH
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import evaluate_run, summary
from tf_infomax.runs.options import EvaluationOptions

SMALL = EvaluationOptions(num_real=300, num_fake=200, seeds=(3,))
TWO_SEEDS = dataclasses.replace(SMALL, seeds=(0, 1), metrics=("fid", "is"))


def by_metric(records):
    return {record["metric"]: record for record in records}


def test_provenance(run):
    records = by_metric(evaluate_run(run, SMALL))
    assert {"fid", "kid", "kid_subsets", "is", "is_splits", "precision", "coverage", "modes", "modes_kl"} <= set(
        records
    )
    source = load_source("stacked-digits", split="train", image_size=28)
    for record in records.values():
        assert (record["num_real"], record["num_fake"], record["seeds"]) == (300, 200, [3])
        assert (record["dataset"], record["split"], record["step"]) == ("stacked-digits", "train", 2)
        assert record["dataset_digest"] == source.digest()
        assert (record["features"], record["resize"]) == ("digits", "native")
        assert record["features_sha256"] == sha256_of(WEIGHTS_PATH)
        assert record["model_sha256"] == sha256_of(run.model_path)
        assert (record["weights"], record["precision"], record["protocol"]) == ("raw", "float32", "standard")
        assert record["sampler"] == {"batch_statistics": None, "labels": None}
        assert record["versions"]["tensorflow"]
    assert records["fid"]["std"] is None and records["fid"]["std_kind"] is None
    assert records["kid_subsets"]["std_kind"] == "subsets" and records["is_splits"]["std_kind"] == "splits"


def test_values_are_those_of_the_samples(run):
    record = by_metric(evaluate_run(run, TWO_SEEDS))["fid"]
    source, extract, gan = load_source("stacked-digits", split="train", image_size=28), DigitFeatures(), run.load_gan()
    for seed, value in zip((0, 1), record["values"], strict=True):
        real, fake = extract(source.sample_real(300, seed)), extract(gan.generate(200, seed))
        assert value == pytest.approx(frechet_distance(real.activations, fake.activations), rel=1e-9)
    assert record["value"] == pytest.approx(np.mean(record["values"]))
    assert record["std"] == pytest.approx(np.std(record["values"]))
    assert record["std_kind"] == "seeds"


def test_a_repeated_measurement_replaces_and_another_one_adds(run):
    first = evaluate_run(run, SMALL)
    count = len(run.records())
    assert evaluate_run(run, SMALL) == first
    assert len(run.records()) == count
    evaluate_run(run, dataclasses.replace(SMALL, num_fake=100, metrics=("fid",)))
    assert len(run.records()) == count + 1


@pytest.mark.parametrize(
    "change", [{"features_sha256": "other"}, {"resize": "bilinear"}, {"weights": "average"}, {"model_sha256": "other"}]
)
def test_whatever_changes_the_meaning_adds(run, change, tmp_path):
    own = RunDirectory(tmp_path)
    [record] = evaluate_run(run, dataclasses.replace(TWO_SEEDS, metrics=("fid",)))
    own.add_records([record, {**record, **change}, {**record, "value": 1.0, "path": "elsewhere"}])
    assert [kept["value"] for kept in own.records()] == [1.0, record["value"]]


def test_features_too_large_for_memory_are_read_in_parts(run, monkeypatch, tmp_path):
    expected = evaluate_run(run, SMALL)
    monkeypatch.setattr(feature_files, "IN_MEMORY_BYTES", 0)
    found = evaluate_run(run, dataclasses.replace(SMALL, cache_dir=str(tmp_path)))
    for record, other in zip(expected, found, strict=True):
        assert other["value"] == pytest.approx(record["value"], rel=1e-9)


def test_notes(run):
    records = by_metric(evaluate_run(run, SMALL))
    assert any("modes" in note for note in records["modes"]["notes"])
    assert not any("rank" in note for note in records["fid"]["notes"])
    few = dataclasses.replace(SMALL, num_real=150, metrics=("fid",))
    [record] = evaluate_run(run, few)
    assert any("rank" in note for note in record["notes"])
    assert "rank" in summary([record])


@pytest.mark.parametrize("content", ["{", '{"metric": "fid"}', "[3]", '[{"value": 2}]'])
def test_damaged_records_are_found_first(run, content, tmp_path):
    for path in (run.config_path, run.model_path):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    copy = RunDirectory(tmp_path)
    copy.metrics_path.write_text(content)
    with pytest.raises(InputError, match="metrics.json is damaged"):
        evaluate_run(copy, SMALL)
    assert copy.metrics_path.read_text() == content


def test_more_real_images_than_there_are(run):
    before = run.records()
    with pytest.raises(InputError, match="26000"):
        evaluate_run(run, dataclasses.replace(SMALL, num_real=26_001, split="test"))
    assert run.records() == before


@pytest.mark.parametrize(
    "options, message",
    [
        ({"seeds": (1, 1)}, "distinct"),
        ({"seeds": (0, -1)}, "not be negative"),
        ({"num_fake": 1}, "at least 2"),
        ({"protocol": "papers"}, "paper"),
        ({"metrics": ("fdi",)}, "fid"),
        ({"model": "best"}, "best"),
        ({"weights": "average"}, "average"),
    ],
)
def test_wrong_options(run, options, message):
    with pytest.raises(InputError, match=message):
        evaluate_run(run, EvaluationOptions(**options))


def test_a_run_with_no_model(tmp_path):
    with pytest.raises(InputError, match="holds no run"):
        evaluate_run(RunDirectory(tmp_path))
    (tmp_path / "config.json").write_text('{"preset": "p", "settings": {}, "model_file": "gan.keras"}')
    with pytest.raises(InputError, match="no finished model"):
        evaluate_run(RunDirectory(tmp_path))
    (tmp_path / "config.json").write_text('{"preset": "p", "settings": {}}')
    with pytest.raises(InputError, match="a run of tf-infomax 0.1, which this version does not read"):
        evaluate_run(RunDirectory(tmp_path))


def test_summary_says_what_a_deviation_is(run):
    text = summary(evaluate_run(run, TWO_SEEDS))
    assert "deviation over seeds" in text and "200 generated against 300 real" in text
    record = json.loads(run.metrics_path.read_text())[0]
    assert "+-" not in summary([{**record, "std": None, "std_kind": None}])
