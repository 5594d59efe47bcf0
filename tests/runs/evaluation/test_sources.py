"""Sources of generated samples other than a run: an export, a folder, an archive."""

import numpy as np
import pytest

from tests.small_presets import narrow
from tf_infomax.commands import evaluate
from tf_infomax.errors import InputError
from tf_infomax.images import write_png
from tf_infomax.runs.evaluation import data_for, evaluate_run, evaluate_samples, open_samples
from tf_infomax.runs.options import EvaluationOptions
from tf_infomax.runs.records import read_records
from tf_infomax.serving import export_generator

OPTIONS = EvaluationOptions(num_real=200, num_fake=60, seeds=(0,), metrics=("fid", "modes"))


def measure(path, options=OPTIONS):
    samples = open_samples(path, options)
    records = evaluate_samples(samples, data_for("stacked-digits", samples.sample_shape, options), options)
    return {record["metric"]: record for record in records}


@pytest.fixture(scope="module")
def expected(run):
    return {record["metric"]: record["value"] for record in evaluate_run(run, OPTIONS)}


def test_export(run, tmp_path, expected):
    saved_model = export_generator(run.load_gan().sampling_generator, tmp_path)
    records = measure(saved_model)
    assert records["fid"]["value"] == pytest.approx(expected["fid"], rel=1e-3)
    assert records["fid"]["source"] == "saved_model" and records["fid"]["model_sha256"]
    (tmp_path / "samples.png").touch()
    assert open_samples(tmp_path, OPTIONS).path == saved_model  # The highest version in the folder of the model.


def test_conditional_export(tmp_path):
    gan = narrow("cgan-stacked-digits").build()
    samples = open_samples(export_generator(gan.generator, tmp_path), OPTIONS)
    difference = np.concatenate(list(samples.draw(300, 2))).astype(int) - gan.generate(300, 2)
    assert np.abs(difference).max() <= 1


def test_folder_and_archive(run, tmp_path, expected):
    images = run.load_gan().generate(60, 0)
    for number, image in enumerate(images):
        write_png(tmp_path / "images" / f"{number:06d}.png", image)
    np.savez(tmp_path / "images.npz", images=images)
    folder, archive = measure(tmp_path / "images"), measure(tmp_path / "images.npz")
    for name, value in expected.items():
        assert folder[name]["value"] == pytest.approx(value, rel=1e-9)
        assert archive[name]["value"] == pytest.approx(value, rel=1e-9)
    assert folder["fid"]["samples_sha256"] == archive["fid"]["samples_sha256"]
    assert folder["fid"]["step"] is None


def test_one_image_in_colour_makes_them_all_so(tmp_path):
    for number, channels in enumerate((1, 1, 3)):
        write_png(tmp_path / f"{number}.png", np.zeros([8, 8, channels], np.uint8))
    assert open_samples(tmp_path, OPTIONS).sample_shape == (8, 8, 3)
    (tmp_path / "2.png").unlink()
    assert open_samples(tmp_path, OPTIONS).sample_shape == (8, 8, 1)


def test_too_few_for_a_metric_are_found_before_the_work(run):
    few = EvaluationOptions(num_real=5, num_fake=5, seeds=(0,), metrics=("fid", "prdc"))
    samples = open_samples(run.path, few)
    samples.draw = lambda *_: pytest.fail("samples were drawn")
    with pytest.raises(InputError, match="precision needs at least 6 samples of each kind. Received: 5 real and 5"):
        evaluate_samples(samples, data_for("stacked-digits", samples.sample_shape, few), few)


def test_command(run, tmp_path, capsys):
    np.savez(tmp_path / "images.npz", run.load_gan().generate(60, 0))
    output = tmp_path / "records.json"
    arguments = ["--num-real", "200", "--num-fake", "60", "--seeds", "0", "--metrics", "fid"]
    evaluate.main([str(tmp_path / "images.npz"), "--dataset", "stacked-digits", "--output", str(output), *arguments])
    [record] = read_records(output)
    assert record["metric"] == "fid"
    evaluate.main([str(run.path), *arguments])
    capsys.readouterr()
    evaluate.main(["--compare", str(run.path), str(output)])
    assert f"{record['value']:.5g}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "what to measure"),
        (["nowhere"], "must be a run"),
        (["images.npz"], "--dataset"),
        (["images.npz", "--dataset", "stacked-digits", "--num-fake", "9"], "at most 3"),
        (["images.npz", "--dataset", "digits"], "must be 1 for digits"),
        (["images.npz", "--dataset", "stacked-digits", "--weights", "raw"], "are for runs"),
        (["wrong.npz", "--dataset", "stacked-digits"], "uint8"),
        (["damaged.npz", "--dataset", "stacked-digits"], "must be a whole archive"),
        (["several.npz", "--dataset", "stacked-digits"], "first, second"),
        (["mixed", "--dataset", "stacked-digits"], "28x28, 32x32"),
        (["exported", "--dataset", "digits"], "measured as SavedModel. Received: exported/1, in format onnx"),
    ],
)
def test_wrong_sources(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    images = np.zeros((3, 28, 28, 3), np.uint8)
    np.savez("images.npz", images=images)
    np.savez("wrong.npz", images=images.astype(np.float32))
    np.savez("several.npz", first=images, second=images)
    (tmp_path / "damaged.npz").write_bytes(b"PK\x03\x04 no archive")
    for size in (28, 32):
        write_png(tmp_path / "mixed" / f"{size}.png", np.zeros((size, size, 3), np.uint8))
    (tmp_path / "exported" / "1").mkdir(parents=True)
    (tmp_path / "exported" / "1" / "export.json").write_text('{"format": "onnx", "inputs": {}}')
    with pytest.raises(InputError, match=message):
        evaluate.main(arguments)


def test_points(tmp_path):
    from tf_infomax.data import MIXTURES

    np.savez(tmp_path / "points.npz", points=MIXTURES["ring"].sample(300, seed=9)[0])
    options = EvaluationOptions(num_real=300, num_fake=200, seeds=(0,), metrics=("modes", "hq"))
    samples = open_samples(tmp_path / "points.npz", options)
    records = evaluate_samples(samples, data_for("ring", samples.sample_shape, options), options)
    assert [(record["metric"], record["value"]) for record in records][0] == ("modes", 8)
    assert records[1]["floor"] == pytest.approx(records[1]["value"], abs=3)
