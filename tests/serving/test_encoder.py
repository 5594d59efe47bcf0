"""Exported encoders: the signature, and equality with the run."""

import numpy as np
import pytest
import tensorflow as tf

from tests.runs.test_encoder_run import PRESET, TINY
from tf_infomax.commands import export, train, verify
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.serving import export_encoder, verify_encoder_export


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    train.main([PRESET, "--run-dir", str(path), *TINY])
    return RunDirectory(path)


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    output = tmp_path_factory.mktemp("served") / "digits"
    export.run(export.Arguments(run.path, output))
    return output / "1"


def test_the_signature_has_the_shapes_of_the_encoder(exported):
    signature = tf.saved_model.load(str(exported)).signatures["serving_default"]
    _, inputs = signature.structured_input_signature
    assert inputs == {"images": tf.TensorSpec([None, 28, 28, 1], tf.uint8, name="images")}
    outputs = {name: (spec.shape.as_list(), spec.dtype) for name, spec in signature.structured_outputs.items()}
    assert outputs == {
        "conv": ([None, 7, 7, 8], tf.float32),
        "fc": ([None, 8], tf.float32),
        "output": ([None, 6], tf.float32),
    }


def test_verify_prints_the_signature_and_the_difference(exported, capsys):
    verify.run(verify.Arguments(exported, num_images=5))
    printed = capsys.readouterr().out
    for fact in ("serving_default", "conv float32 (None, 7, 7, 8)", "5 images"):
        assert fact in printed


def test_served_features_are_the_models(run, exported):
    images = np.random.default_rng(3).integers(0, 256, [4, 28, 28, 1], np.uint8)
    served = tf.saved_model.load(str(exported)).signatures["serving_default"](images=tf.constant(images))
    expected = run.load_model().encode(images)
    assert set(served) == {"conv", "fc", "output"}
    for name, features in served.items():
        np.testing.assert_allclose(features, expected[name], rtol=1e-4, atol=1e-5)
    assert np.std(served["output"], axis=0).min() > 0


def test_another_encoder_is_noticed(run, exported, monkeypatch):
    model = run.load_model()
    bias = model.encoder.fully_connected.trainable_variables[-1]
    bias.assign(bias + 0.01)
    assert not verify_encoder_export(exported, model, num_images=3).passed
    monkeypatch.setattr(RunDirectory, "load_model", lambda self: model)
    with pytest.raises(SystemExit) as exit_:
        verify.run(verify.Arguments(exported))
    assert exit_.value.code == 1


def test_bad_input(run, exported, tmp_path):
    with pytest.raises(InputError, match="exists already"):
        export_encoder(run.load_model(), exported.parent)
    with pytest.raises(InputError, match="no SavedModel"):
        verify_encoder_export(tmp_path, run.load_model())
