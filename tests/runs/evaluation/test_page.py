"""The page of an evaluation, from the command line to the file."""

import dataclasses
import re

import numpy as np
import pytest

from tests.runs.report.pages import read, section, words
from tests.small_presets import narrow
from tf_infomax.commands import evaluate
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import chosen_suite, data_of_run, evaluate_samples, open_samples
from tf_infomax.runs.evaluation.page import NUM_QUERIES, write_page
from tf_infomax.runs.options import EvaluationOptions, GANRunOptions
from tf_infomax.runs.training import train

OPTIONS = EvaluationOptions(num_real=60, num_fake=50, seeds=(0,), metrics=("fid", "modes"))

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> RunDirectory:
    """A run that was measured twice during training."""
    path = tmp_path_factory.mktemp("runs") / "watched"
    preset = narrow("sngan-digits", steps=2, batch_size=8)
    train(preset, path, name="sngan-digits", options=GANRunOptions(metrics_every=1, num_watched=20))
    return RunDirectory(path)


def test_command(watched, tmp_path, capsys):
    page = tmp_path / "page.html"
    arguments = evaluate.Arguments(watched.path, report=page, options=OPTIONS)
    evaluate.run(arguments)
    text = page.read_text(encoding="utf-8")
    assert f"Page: {page}" in capsys.readouterr().out
    for heading in ("Samples", "Metrics", "Training", "Nearest real images", "Complete records"):
        assert f">{heading}</h2>" in text
    assert "sngan-digits" in text and watched.records()[0]["model_sha256"] in text
    assert not re.search(r'(src|href)="(?!data:|#)', text)
    with pytest.raises(InputError, match="exists already"):
        evaluate.run(arguments)


def value(text: str) -> float:
    mantissa, _, exponent = text.partition(" × 10")
    return float(mantissa) * 10.0 ** int((exponent or "0").translate(SUPERSCRIPTS))


def test_a_copy_among_the_samples_is_shown(watched, tmp_path):
    data = data_of_run(watched, OPTIONS)
    copies = data.source.sample_real(20, 0)  # The first of those that the metrics compare with.
    np.savez(tmp_path / "copies.npz", images=copies)
    samples = open_samples(tmp_path / "copies.npz", OPTIONS)
    options = dataclasses.replace(OPTIONS, num_fake=20)
    suite = chosen_suite(data, options)
    page = tmp_path / "page.html"
    write_page(page, samples, data, suite, evaluate_samples(samples, data, options))
    nearest = section(read(page.read_text(encoding="utf-8")), "nearest-real-images")
    distances = [[words(cell) for cell in row][1:] for row in nearest.iter("tr")][1:]
    assert len(distances) == NUM_QUERIES
    # Not exactly 0: the features of a few images differ from those of many by rounding.
    assert all(value(first) < 1e-3 < value(second) for first, second, *_ in distances)
