"""Probes of networks that are no runs: a Keras file and a SavedModel."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.commands import probe
from tf_infomax.data import image_source_from_arrays
from tf_infomax.errors import InputError
from tf_infomax.runs.options import NetworkOptions, ProbeOptions
from tf_infomax.runs.probing.network import probe_network
from tf_infomax.runs.probing.probe import probe_subject, probe_summary
from tf_infomax.runs.probing.subject import Subject

FEW = ProbeOptions(("svm",), num_train=300, num_test=100)
LAYERS = NetworkOptions(("pixels", "halved"), "digits")


@pytest.fixture(scope="module")
def keras_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("network") / "shrink.keras"
    images = keras.Input((28, 28, 1))
    hidden = keras.layers.AveragePooling2D(2, name="halved")(keras.layers.Activation("linear", name="pixels")(images))
    keras.Model(images, keras.layers.Flatten()(hidden)).save(path)
    return path


@pytest.fixture(scope="module")
def saved_model(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("network") / "shrink"
    module = tf.Module()

    @tf.function(input_signature=[tf.TensorSpec([None, 28, 28, 1], tf.float32)])
    def call(images):
        return {"pixels": images, "halved": tf.nn.avg_pool2d(images, 2, 2, "VALID")}

    module.__call__ = call
    tf.saved_model.save(module, str(path), signatures=call)
    return path


def test_both_kinds_of_files_have_the_accuracies_of_the_same_features(keras_file, saved_model):
    records = [probe_network(path, LAYERS, FEW) for path in (keras_file, saved_model)]
    values = [{record["metric"]: record["value"] for record in own} for own in records]
    assert values[0] == values[1] and set(values[0]) == {"svm_pixels", "svm_halved"}
    assert min(values[0].values()) > 70  # digits are told apart by their pixels
    assert records[0][0]["features"] == "shrink" and records[0][0]["step"] is None
    assert probe_summary(records[0]).startswith("shrink; 300 images of digits to learn from, 100 to test on")


def test_the_command_writes_numbers_and_a_picture(keras_file, tmp_path, capsys):
    output = tmp_path / "probes.json"
    options = ["--measures", "svm", "neighbors", "--num-train", "300", "--num-test", "100"]
    command = [str(keras_file), "--layers", "halved", "--dataset", "digits", *options, "--output", str(output)]
    probe.main(command)
    printed = capsys.readouterr().out
    assert "svm_halved" in printed and f"Neighbours: {output.with_suffix('.png')}" in printed
    (record,) = json.loads(output.read_text())
    assert record["metric"] == "svm_halved" and output.with_suffix(".png").stat().st_size > 0
    for taken in (output, output.with_suffix(".png")):
        with pytest.raises(InputError, match=f"{taken.name} exists already"):
            probe.main(command)
        output.unlink(missing_ok=True)
    with pytest.raises(InputError, match="`output` must not end in .png"):
        probe.main([*command[:-1], str(tmp_path / "probes.png")])
    with pytest.raises(InputError, match="`seed` must be from 0 to 4294967295. Received: -1"):
        probe.main([*command, "--seed", "-1"])


def test_labels_are_needed_on_both_sides_and_of_the_same_classes(monkeypatch, keras_file):
    images, labels = np.zeros((6, 28, 28, 1), np.uint8), np.arange(6) % 2
    train = image_source_from_arrays(images, labels, name="mine", split="train", num_classes=2)
    others = [
        (image_source_from_arrays(images, name="mine", split="test"), "need labels, and split test of mine has none"),
        (
            image_source_from_arrays(images, labels, name="mine", split="test", num_classes=3),
            "need the same classes to learn from and to test on. Received: 2 in train and 3 in test",
        ),
    ]
    nothing = Subject("none", lambda images: {}, (), "none")
    for test, message in others:
        with pytest.raises(InputError, match=message):
            probe_subject(nothing, (train, test), FEW)


def test_images_that_were_seen_are_counted(keras_file):
    records = probe_network(keras_file, LAYERS, ProbeOptions(("svm",), num_train=200, num_test=50, test_split="train"))
    assert records[0]["num_seen"] == 50  # both parts are the beginning of one permutation
    assert "50 of these are among the first" in probe_summary(records)
    assert probe_network(keras_file, LAYERS, FEW)[0]["num_seen"] == 0


def test_what_cannot_be_probed(keras_file, saved_model, tmp_path):
    with pytest.raises(InputError, match="needs `layers` and a `dataset`"):
        probe_network(keras_file, NetworkOptions(("halved",)), FEW)
    with pytest.raises(InputError, match="Received: 'quartered'"):
        probe_network(keras_file, NetworkOptions(("quartered",), "digits"), FEW)
    with pytest.raises(InputError, match="with the outputs quartered"):
        probe_network(saved_model, NetworkOptions(("quartered",), "digits"), FEW)
    with pytest.raises(InputError, match="`num_channels` must be 3 for stacked-digits"):
        probe_network(keras_file, NetworkOptions(("halved",), "stacked-digits"), FEW)
    with pytest.raises(InputError, match="`image_size` must be that of the network, 28 x 28. Received: 32"):
        probe_network(keras_file, NetworkOptions(("halved",), "digits", 32), FEW)
    with pytest.raises(InputError, match=r"need vectors \(Y,\). Received: halved of shape \(14, 14, 1\)"):
        probe_network(keras_file, LAYERS, ProbeOptions(("ndm",), num_train=20, num_test=10))
    with pytest.raises(InputError, match="finetune is for encoders. Received: shrink"):
        probe_network(keras_file, LAYERS, ProbeOptions(("finetune",)))
    with pytest.raises(InputError, match="beside which it is written"):
        probe.main([str(keras_file), "--layers", "halved", "--dataset", "digits", "--measures", "neighbors"])
    with pytest.raises(InputError, match="not for a run"):
        probe.main([str(tmp_path), "--layers", "halved"])


def test_a_network_of_any_size_needs_one(tmp_path):
    path = tmp_path / "any.keras"
    images = keras.Input((None, None, 1))
    keras.Sequential([images, keras.layers.GlobalAveragePooling2D(name="mean")]).save(path)
    with pytest.raises(InputError, match="`image_size` must be given"):
        probe_network(path, NetworkOptions(("mean",), "digits"), FEW)
    (record,) = probe_network(path, NetworkOptions(("mean",), "digits", 32), FEW)
    assert np.isfinite(record["value"])
