"""Exports in other formats: the same samples by other runtimes, whatever the number of rows."""

import dataclasses
import json
from types import MappingProxyType

import numpy as np
import pytest

from tests.programs import TINY
from tests.serving.exports import KINDS, LATENT_DIM, NUM_CLASSES, drawn_by, small_generator
from tests.small_presets import narrow
from tf_infomax.commands import export, train, verify
from tf_infomax.errors import InputError
from tf_infomax.latents import generation_latents
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.tasks import task_of
from tf_infomax.serving import FORMATS, export_as, export_in, format_in, verify_format
from tf_infomax.serving.formats import exports, table


@pytest.fixture(params=FORMATS)
def name(request) -> str:
    for module in FORMATS[request.param].modules:
        pytest.importorskip(module)
    return request.param


@pytest.mark.parametrize("kind", KINDS)
def test_the_generators_samples(name, kind, tmp_path):
    generator = small_generator(kind)
    folder = export_as(name, generator, tmp_path, origin={"run": "here"})
    assert folder == tmp_path / "1" and (format_in(folder), export_in(tmp_path)) == (name, folder)
    report = json.loads((folder / "export.json").read_text())
    assert (report["run"], report["num_compared"]) == ("here", 64)
    row = FORMATS[name]
    run = row.load(folder / row.file)
    seeds, labels = np.array([3, 4]), np.array([2, 0]) if kind == "classes" else None
    expected = drawn_by(generator, seeds, labels)
    latents = np.concatenate([generation_latents(1, LATENT_DIM, int(seed)) for seed in seeds])
    for rows in (slice(0, 2), slice(1, 2)):
        inputs = {"latents": latents[rows]} | ({} if labels is None else {"labels": labels[rows]})
        drawn = np.asarray(run(inputs))
        assert drawn.dtype == expected.dtype
        tolerance = 1 if drawn.dtype == np.uint8 else 1e-4
        np.testing.assert_allclose(drawn.astype(float), expected[rows].astype(float), rtol=0, atol=tolerance)
    assert verify_format(folder, generator, num_images=5, seed=7).passed


def test_names_of_inputs_and_outputs(tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("tf2onnx")
    session = onnxruntime.InferenceSession(str(export_as("onnx", small_generator("classes"), tmp_path) / "model.onnx"))
    assert {item.name: (item.type, item.shape[1:]) for item in session.get_inputs()} == {
        "latents": ("tensor(float)", [LATENT_DIM]),
        "labels": ("tensor(int64)", []),
    }
    assert [(item.name, item.type) for item in session.get_outputs()] == [("images", "tensor(uint8)")]
    latents, wrong = np.zeros([1, LATENT_DIM], np.float32), np.array([NUM_CLASSES])
    with pytest.raises(Exception, match="out of data bounds"):
        session.run(None, {"latents": latents, "labels": wrong})


def stand_in(monkeypatch, difference: int) -> None:
    """A format whose runtime draws images that are some grey levels away."""

    def load(path):
        return lambda inputs: np.asarray(graphs[-1].draw(*inputs.values())["images"]) ^ np.uint8(difference)

    def write(graph, path) -> None:
        graphs.append(graph)
        path.write_bytes(b"a graph")

    graphs: list = []
    row = dataclasses.replace(FORMATS["onnx"], modules=("json",), write=write, load=load)
    for module in (table, exports):
        monkeypatch.setattr(module, "FORMATS", MappingProxyType({"onnx": row}))


def test_another_image_is_refused_and_nothing_is_left(tmp_path, monkeypatch):
    stand_in(monkeypatch, difference=2)
    with pytest.raises(InputError, match="`format` onnx does not draw what the generator does. Received: 64 images"):
        export_as("onnx", small_generator("colour"), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_grey_level_passes(tmp_path, monkeypatch):
    stand_in(monkeypatch, difference=1)
    folder = export_as("onnx", small_generator("colour"), tmp_path)
    assert json.loads((folder / "export.json").read_text())["largest_difference"] == 1


def test_what_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "FORMATS", {"onnx": dataclasses.replace(FORMATS["onnx"], modules=("no_such_module",))})
    message = r"`format` onnx needs no_such_module: pip install 'tf-infomax\[onnx\]'"
    with pytest.raises(InputError, match=message):
        export_as("onnx", small_generator("colour"), tmp_path)
    with pytest.raises(InputError, match="`format` must be one of"):
        export_as("keras", small_generator("colour"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_version_that_exists(tmp_path, monkeypatch):
    stand_in(monkeypatch, difference=0)
    (tmp_path / "1").mkdir()
    with pytest.raises(InputError, match="exists already"):
        export_as("onnx", small_generator("colour"), tmp_path)
    assert export_as("onnx", small_generator("colour"), tmp_path, version="next").name == "2"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    train.main(["infomax-gan-stacked-digits", "--run-dir", str(path), "--steps", "2", *TINY])
    return RunDirectory(path)


def test_by_command(run, tmp_path, monkeypatch, capsys):
    stand_in(monkeypatch, difference=1)
    export.main([str(run.path), "--output", str(tmp_path), "--format", "onnx"])
    assert f"Model: {tmp_path / '1' / 'model.onnx'}" in capsys.readouterr().out
    verify.main([str(tmp_path), "--num-images", "3"])
    assert "3 images: at most 1 grey levels" in capsys.readouterr().out
    with pytest.raises(InputError, match="`max_rows` is for SavedModels; onnx checks no requests. Received: 8"):
        export.main([str(run.path), "--output", str(tmp_path), "--format", "onnx", "--max-rows", "8"])
    with pytest.raises(InputError, match="`num_images` must be at least 1. Received: 0"):
        verify.main([str(tmp_path), "--num-images", "0"])


def test_encoders_are_saved_models(tmp_path):
    encoder = narrow("dim-g-digits").build()
    with pytest.raises(InputError, match="`format` must be saved_model for a DeepInfoMax. Received: onnx"):
        task_of(type(encoder)).export_as("onnx", encoder, tmp_path, version=1, origin={})
