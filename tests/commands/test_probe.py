"""Probing runs of encoders and of GANs from the command line."""

import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from tests.programs import TINY_GAN
from tf_infomax.commands import probe, train
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import ProbeOptions
from tf_infomax.runs.probing.neighbours import neighbours_picture
from tf_infomax.runs.probing.probe import probe_run
from tf_infomax.runs.probing.subject import Part

ALL = ("svm", "mlp", "msssim", "mine", "ndm", "neighbors", "finetune")
FEW = {
    "num_train": 300,
    "num_test": 100,
    "mlp_epochs": 2,
    "estimator_steps": 3,
    "decoder_steps": 3,
    "finetune_epochs": 1,
    "label_fraction": 0.5,
}


@pytest.fixture(scope="module")
def encoder_run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "encoder"
    sizes = ["--encoder.base-channels", "4", "--encoder.fc-units", "16", "--encoder.output-dim", "8"]
    train.main(["untrained-digits", "--run-dir", str(path), *sizes])
    return RunDirectory(path)


@pytest.fixture(scope="module")
def gan_run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "gan"
    train.main(["cgan-digits", "--run-dir", str(path), "--steps", "1", "--metrics-every", "0", *TINY_GAN])
    return RunDirectory(path)


def test_all_measures_of_an_encoder(encoder_run, capsys):
    probe.run(probe.Arguments(encoder_run.path, ProbeOptions(ALL, **FEW)))
    printed = capsys.readouterr().out
    records = {record["metric"]: record for record in json.loads(encoder_run.metrics_path.read_text())}
    layers = ("conv", "fc", "output")
    accuracies = [f"{measure}_{layer}" for measure in ("svm", "mlp") for layer in layers]
    assert set(records) == {*accuracies, "ms_ssim", "mine", "ndm", "finetune"}
    for name, record in records.items():
        assert name in printed and np.isfinite(record["value"]), name
        assert (record["num_real"], record["num_test"], record["split"]) == (300, 100, "train -> test")
        assert (record["std"] is not None) == (name in ("mine", "ndm")), name
    assert {records[name]["std_kind"] for name in ("mine", "ndm")} == {"standard error"}
    assert 50 < records["svm_conv"]["value"] <= 100  # even untrained convolutions tell digits apart
    picture = tf.io.decode_png((encoder_run.path / "neighbours.png").read_bytes()).numpy()
    assert picture.shape[0] > picture.shape[1] > 200  # ten digits, each with four neighbours


def test_measuring_again_replaces(encoder_run):
    before = probe_run(encoder_run, ProbeOptions(("svm",), **FEW))
    assert probe_run(encoder_run, ProbeOptions(("svm",), **FEW)) == before
    names = [record["metric"] for record in json.loads(encoder_run.metrics_path.read_text())]
    assert len(names) == len(set(names))


def test_the_encoder_is_not_changed_by_fine_tuning(encoder_run):
    model = encoder_run.load_model()
    digest = encoder_run.origin()["sha256"]
    probe_run(encoder_run, ProbeOptions(("finetune",), **FEW))
    assert encoder_run.origin()["sha256"] == digest
    for mine, other in zip(model.get_weights(), encoder_run.load_model().get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_a_discriminator(gan_run):
    records = probe_run(gan_run, ProbeOptions(("svm", "ndm"), **FEW))
    assert [record["metric"] for record in records] == ["svm_local_features", "svm_global_features", "ndm"]
    assert records[0]["value"] > 40 and records[0]["features"] == "ConvolutionalDiscriminator"
    assert [record for record in gan_run.own_records() if record in records] == records


def test_damaged_records_are_found_before_the_work(encoder_run, monkeypatch, tmp_path):
    run = RunDirectory(shutil.copytree(encoder_run.path, tmp_path / "run"))
    run.metrics_path.write_text("[")
    monkeypatch.setattr("tf_infomax.runs.probing.probe.read_part", lambda *args: pytest.fail("features were computed"))
    with pytest.raises(InputError, match="metrics.json is damaged"):
        probe_run(run, ProbeOptions(("svm",), **FEW))


def test_finetune_of_a_discriminator_is_refused_before_anything_is_measured(gan_run, monkeypatch):
    monkeypatch.setattr("tf_infomax.runs.probing.probe.read_part", lambda *args: pytest.fail("features were computed"))
    with pytest.raises(InputError, match="finetune is for encoders. Received: ConvolutionalDiscriminator"):
        probe_run(gan_run, ProbeOptions(("svm", "finetune"), **FEW))


def test_probes_of_other_test_images_stand_side_by_side(encoder_run):
    sizes = (150, 200)
    for num_test in sizes:
        probe_run(encoder_run, ProbeOptions(("ndm",), **{**FEW, "num_test": num_test, "seed": 7}))
    records = [record for record in encoder_run.records() if record["metric"] == "ndm" and record["seeds"] == [7]]
    assert [record["num_test"] for record in records] == list(sizes)


def test_what_does_not_fit_is_found_before_the_work(encoder_run, monkeypatch):
    for measures, message in ((("svm",), "need images of two classes. Received: 1 of one"),):
        with pytest.raises(InputError, match=message):
            probe_run(encoder_run, ProbeOptions(measures, **{**FEW, "num_train": 1}))
    model = encoder_run.load_model()
    for variable in model.encoder.trainable_variables:
        variable.assign(np.full(variable.shape, np.nan))
    monkeypatch.setattr(RunDirectory, "load_model", lambda self: model)
    with pytest.raises(InputError, match="Features must be finite. Received: NaN or infinity in conv of"):
        probe_run(encoder_run, ProbeOptions(("mine",), **FEW))


def test_neighbours_stand_beside_their_query():
    images = np.zeros((6, 4, 4, 1), np.uint8) + np.arange(6, dtype=np.uint8)[:, None, None, None]
    train = Part(images[:2], np.array([0, 1]), {"output": np.array([[0.0], [10.0]])})
    test = Part(images, np.zeros(6, int), {"output": np.array([[0.1], [9.0], [5.0], [-0.2], [10.1], [50.0]])})
    picture = neighbours_picture(train, test, "output", num_neighbours=2)
    cells = picture[2::66, 2::66, 0]  # 64 pixels and 2 of white
    np.testing.assert_array_equal(cells, [[0, 0, 3], [1, 4, 1]])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"measures": ("fid",)}, "`measures` must be one of svm, .* Received: fid"),
        ({"num_train": 5000}, "there are 4000 images. Asked for: 5000"),
        ({"label_fraction": 0.0}, "`label_fraction` must be above 0 and at most 1. Received: 0.0"),
        ({"mlp_epochs": 0}, "`mlp_epochs` must be at least 1. Received: 0"),
        ({"test_split": "validation"}, "has the splits train, test. Received: 'validation'"),
    ],
)
def test_bad_options(options, message, encoder_run):
    with pytest.raises(InputError, match=message):
        probe_run(encoder_run, ProbeOptions(**options))
