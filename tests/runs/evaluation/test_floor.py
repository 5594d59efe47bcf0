"""The floor: real samples against other real ones."""

import dataclasses
import json
import logging

import numpy as np
import pytest

from tf_infomax.data import image_source_from_arrays, load_source
from tf_infomax.errors import InputError
from tf_infomax.files import default_cache_dir
from tf_infomax.metrics import evaluate_images, feature_extractor
from tf_infomax.runs.evaluation import RealData, evaluate_run, evaluate_samples
from tf_infomax.runs.evaluation.given_samples import GivenSamples
from tf_infomax.runs.options import EvaluationOptions

OPTIONS = EvaluationOptions(num_real=120, num_fake=90, seeds=(5, 6), metrics=("fid", "modes"))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return default_cache_dir() / "features"


def test_floor_is_that_of_other_real_samples(run, cache):
    floors = {record["metric"]: record["floor"] for record in evaluate_run(run, OPTIONS)}
    source, extract = load_source("stacked-digits", split="train", image_size=28), feature_extractor("digits")
    images = source.sample_real(210, 5)
    expected = evaluate_images(extract(images[:120]), extract(images[120:]), extractor=extract)
    for name, floor in floors.items():
        assert floor == pytest.approx(float(expected[name]), rel=1e-9)


def test_kept_and_not_measured_again(run, cache):
    options = dataclasses.replace(OPTIONS, metrics=("fid",))
    evaluate_run(run, options)
    [path] = cache.glob("*.floor.json")
    values = json.loads(path.read_text())
    path.write_text(json.dumps(dict.fromkeys(values, -1.0)))
    assert [record["floor"] for record in evaluate_run(run, options)] == [-1.0]
    more = {record["metric"]: record["floor"] for record in evaluate_run(run, OPTIONS)}
    assert more["fid"] == -1.0 and more["modes"] > 1


def test_a_damaged_file_is_noticed_and_mended(run, cache, caplog):
    expected = [record["floor"] for record in evaluate_run(run, OPTIONS)]
    [path] = cache.glob("*.floor.json")
    path.write_text("{")
    with caplog.at_level(logging.WARNING):
        assert [record["floor"] for record in evaluate_run(run, OPTIONS)] == expected
    assert "damaged" in caplog.text


def test_another_split_where_one_has_too_few(cache):
    train, test = (load_source("digits", split=split, image_size=28) for split in ("train", "test"))
    few = image_source_from_arrays(train.images_at(np.arange(0, 4000, 40)), name="digits", split="train")
    options = dataclasses.replace(OPTIONS, num_real=100, seeds=(0,), metrics=("fid",))
    samples = GivenSamples(cache, "folder", test)
    with_other = RealData(few, lambda split: {"test": test}[split])
    extract = feature_extractor("digits")
    [record] = evaluate_samples(samples, with_other, options)
    real, others = extract(few.images_at(np.arange(100))), extract(test.sample_real(90, 0))
    expected = evaluate_images(real, others, extractor=extract)["fid"]
    assert record["floor"] == pytest.approx(float(expected), rel=1e-9)


def test_no_floor_without_other_real_samples(cache):
    train = load_source("digits", split="train", image_size=28)
    few = image_source_from_arrays(train.images_at(np.arange(0, 4000, 40)), name="digits", split="all")
    options = dataclasses.replace(OPTIONS, num_real=100, num_fake=100, seeds=(0,), metrics=("fid",))

    def load(split):
        raise InputError("There is no other split.")

    [record] = evaluate_samples(GivenSamples(cache, "folder", train), RealData(few, load), options)
    assert record["floor"] is None
