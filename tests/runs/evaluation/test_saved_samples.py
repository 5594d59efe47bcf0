"""Samples of saved models, measured as those of runs."""

import pytest

from tests.eager import no_graphs  # noqa: F401
from tests.small_presets import narrow
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import data_for, evaluate_run, evaluate_samples, open_samples
from tf_infomax.runs.options import EvaluationOptions, GANRunOptions
from tf_infomax.runs.saving import save_run_to_preset
from tf_infomax.runs.training import train

OPTIONS = EvaluationOptions(metrics=("fid",), num_real=40, num_fake=40, seeds=(0,))


def test_a_saved_model_is_measured_as_its_run(tmp_path):
    run = RunDirectory(tmp_path / "run")
    train(narrow("sngan-digits", steps=1, batch_size=4), run.path, options=GANRunOptions(metrics_every=0))
    folder = save_run_to_preset(run, tmp_path / "saved")
    samples = open_samples(folder, OPTIONS)
    records = evaluate_samples(samples, data_for("digits", samples.sample_shape, OPTIONS), OPTIONS)
    expected = evaluate_run(run, OPTIONS)
    assert [(record["metric"], record["value"]) for record in records] == [
        (record["metric"], pytest.approx(record["value"])) for record in expected
    ]
    assert records[0]["source"] == "preset" and records[0]["model_sha256"] != expected[0]["model_sha256"]
    with pytest.raises(InputError, match="`model` must be last for a saved model. Received: best of"):
        open_samples(folder, EvaluationOptions(model="best"))
