"""Exported encoders: the signature, and equality with the run."""

import numpy as np
import pytest
import tensorflow as tf

from tests.runs.test_encoder_run import PRESET, TINY
from tests.serving.test_warm_up import request_of
from tests.small_presets import narrow
from tf_infomax.commands import export, train, verify
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.serving import WARM_UP_FILE, encoder_signatures, export_encoder, verify_encoder_export


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


def test_files_that_are_read_wrong_are_noticed(run, tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_signatures, "_decoded", lambda file, shape: tf.zeros(shape, tf.uint8))
    model = run.load_model()
    assert not verify_encoder_export(export_encoder(model, tmp_path), model, num_images=3).passed


@pytest.mark.parametrize("name", ["conv", "output"])
def test_features_that_are_not_finite_do_not_pass(run, exported, name, monkeypatch):
    model = run.load_model()
    encode = model.encode

    def broken(images):
        features = encode(images)
        return {**features, name: features[name] * np.nan}

    monkeypatch.setattr(model, "encode", broken)
    assert not verify_encoder_export(exported, model, num_images=4, seed=-3).passed


def test_targets_of_noise_are_not_exported(tmp_path):
    model = narrow("nat-digits").build()
    export_encoder(model, tmp_path)
    stored = tf.train.list_variables(str(tmp_path / "1" / "variables" / "variables"))
    shapes = sorted(tuple(shape) for name, shape in stored if "VARIABLE_VALUE" in name)
    assert shapes == sorted(tuple(variable.shape) for variable in model.encoder.variables)
    assert verify_encoder_export(tmp_path / "1", model, num_images=4).passed


def test_files_have_the_features_of_their_images(exported):
    signatures = tf.saved_model.load(str(exported)).signatures
    images = np.random.default_rng(3).integers(0, 256, [4, 28, 28, 1], np.uint8)
    files = [tf.io.encode_png(image) for image in images]
    expected = signatures["serving_default"](images=tf.constant(images))
    for name, features in signatures["image_bytes"](image_bytes=tf.stack(files)).items():
        np.testing.assert_allclose(features, expected[name], rtol=1e-5, atol=1e-6)
    jpeg = tf.io.encode_jpeg(images[0], quality=100)
    assert signatures["image_bytes"](image_bytes=jpeg[None])["fc"].shape == (1, 8)


WRONG_SIZE = tf.io.encode_png(np.zeros([5, 7, 1], np.uint8)).numpy()
REFUSED = [
    ("serving_default", {"images": np.zeros([0, 28, 28, 1], np.uint8)}, "1 to 1024 rows"),
    ("serving_default", {"images": np.zeros([1025, 28, 28, 1], np.uint8)}, "1 to 1024 rows"),
    ("serving_default", {"images": np.zeros([1, 5, 7, 1], np.uint8)}, "rows of 28 x 28 x 1"),
    ("image_bytes", {"image_bytes": [b"no image"]}, "Unknown image file format"),
    ("image_bytes", {"image_bytes": [WRONG_SIZE]}, "28 x 28 pixels.*5 7"),
    ("image_bytes", {"image_bytes": [b""] * 1025}, "1 to 1024 rows"),
]


@pytest.mark.parametrize("name, request_, sentence", REFUSED)
def test_refused_and_then_served(exported, name, request_, sentence):
    signatures = tf.saved_model.load(str(exported)).signatures
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        signatures[name](**{key: tf.constant(value) for key, value in request_.items()})
    assert signatures["serving_default"](images=tf.zeros([2, 28, 28, 1], tf.uint8))["fc"].shape == (2, 8)


def test_every_signature_answers_its_warm_up_record(exported):
    signatures = tf.saved_model.load(str(exported)).signatures
    records = tf.data.TFRecordDataset(str(exported / WARM_UP_FILE)).as_numpy_iterator()
    requests = dict(map(request_of, records))
    assert requests.keys() == signatures.keys() == {"serving_default", "image_bytes"}
    for name, inputs in requests.items():
        outputs = signatures[name](**{key: tf.constant(value) for key, value in inputs.items()})
        assert {len(values) for values in outputs.values()} == {1}


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
