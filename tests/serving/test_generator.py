"""Exported generators: signatures, equality with the run, and independence of Keras and of this package."""

import gc
import json
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from tests.programs import TINY
from tests.serving.exports import small_generator
from tf_infomax.commands import export, train, verify
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.serving import export_generator, read_origin, verify_generator_export, versions_in
from tf_infomax.serving.archive import load_signatures
from tf_infomax.serving.generator_signatures import _GuardedFunctions

TENSORFLOW_ALONE = """
import json, sys

sys.modules.update(keras=None, tf_keras=None, tf_infomax=None)  # importing one of them fails
import tensorflow as tf

loaded = tf.saved_model.load(sys.argv[1])
images = loaded.signatures["generate"](num_images=tf.constant(3), seed=tf.constant(5))["images"]
print(json.dumps({"images": images.numpy().tolist(), "dtype": images.dtype.name}))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    train.main(["infomax-gan-stacked-digits", "--run-dir", str(path), "--steps", "2", *TINY])
    return RunDirectory(path)


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    output = tmp_path_factory.mktemp("served") / "digits"
    export.run(export.Arguments(run.path, output))
    return output / "1"


def test_verify(run, exported, capsys):
    verify.run(verify.Arguments(exported, num_images=5))
    printed = capsys.readouterr().out
    assert "serving_default: latents float32 (None, 8) -> images uint8 (None, 28, 28, 3)" in printed
    assert "generate: num_images int32 () or (M,), seed int32 () or (M,) -> images uint8 (None, 28, 28, 3)" in printed


def test_tensorflow_alone_loads_it(run, exported):
    result = subprocess.run(
        [sys.executable, "-c", TENSORFLOW_ALONE, str(exported)], capture_output=True, text=True, timeout=120, check=True
    )
    loaded = json.loads(result.stdout)
    assert loaded["dtype"] == "uint8"
    difference = np.asarray(loaded["images"], np.int16) - run.load_gan().generate(3, seed=5).astype(np.int16)
    assert np.max(np.abs(difference)) <= 1


def test_signatures_outlive_what_they_were_loaded_with(run, exported):
    signatures = load_signatures(exported, required=["generate"])
    gc.collect()
    images = signatures["generate"](num_images=tf.constant(2), seed=tf.constant(3))["images"]
    assert np.max(np.abs(images.numpy().astype(np.int16) - run.load_gan().generate(2, seed=3))) <= 1


def test_another_generator_is_noticed(run, exported):
    gan_ = run.load_gan()
    gan_.generator.to_image.bias.assign(gan_.generator.to_image.bias + 0.5)
    assert not verify_generator_export(exported, gan_.generator).passed


@pytest.mark.parametrize("kind", ["colour", "classes", "points"])
def test_other_latents_are_noticed(kind, tmp_path, monkeypatch):
    generator = small_generator(kind)
    assert verify_generator_export(export_generator(generator, tmp_path), generator, num_images=4).passed
    others = lambda self, seeds: {"latents": tf.ones([tf.size(seeds), self.latent_dim])}  # noqa: E731
    monkeypatch.setattr(_GuardedFunctions, "latents", others)
    changed = export_generator(generator, tmp_path, version=2)
    assert not verify_generator_export(changed, generator, num_images=4).passed


def test_an_origin_of_its_own(tmp_path):
    exported = export_generator(small_generator("points"), tmp_path, origin={"run": "mine"})
    with pytest.raises(InputError, match="was not exported by tf-infomax export"):
        verify.run(verify.Arguments(exported))


def test_a_seed_beyond_32_bits(exported):
    with pytest.raises(InputError, match="`seed` must be from"):
        verify.run(verify.Arguments(exported, seed=10**20))


def test_verify_exits_with_1_on_a_difference(run, exported, monkeypatch, capsys):
    gan_ = run.load_gan()
    gan_.generator.to_image.bias.assign(gan_.generator.to_image.bias + 0.5)
    monkeypatch.setattr(RunDirectory, "load_model", lambda self: gan_)
    with pytest.raises(SystemExit) as exit_:
        verify.run(verify.Arguments(exported))
    assert exit_.value.code == 1


def test_existing_version_is_kept(run, exported):
    before = (exported / "saved_model.pb").read_bytes()
    with pytest.raises(InputError, match="exists already"):
        export.run(export.Arguments(run.path, exported.parent))
    assert (exported / "saved_model.pb").read_bytes() == before
    export.main([str(run.path), "--output", str(exported.parent), "--version", "next"])
    assert versions_in(exported.parent) == [1, 2]


def test_a_run_that_never_finished(run, tmp_path):
    unfinished = RunDirectory(tmp_path / "run")
    unfinished.open(run.config())
    with pytest.raises(InputError, match="no finished model"):
        export.run(export.Arguments(unfinished.path, tmp_path / "served"))
    assert not (tmp_path / "served").exists()


def test_verify_takes_the_highest_version_of_a_model(run, exported, tmp_path, capsys):
    verify.run(verify.Arguments(exported.parent, num_images=2))
    assert "2 images: at most" in capsys.readouterr().out
    with pytest.raises(InputError, match="holds no version of a model"):
        verify.run(verify.Arguments(tmp_path))
    with pytest.raises(InputError, match="from 1 to 1024"):
        verify.run(verify.Arguments(exported, num_images=1025))


def test_bad_input(run, tmp_path):
    with pytest.raises(InputError, match="at least 1"):
        export_generator(run.load_gan().generator, tmp_path, version=0)
    with pytest.raises(InputError, match="no exported model"):
        read_origin(tmp_path)
    with pytest.raises(InputError, match="holds no run"):
        export.run(export.Arguments(tmp_path, tmp_path / "served"))
    assert list(tmp_path.iterdir()) == []


def test_verifying_against_a_retrained_run(run, exported, tmp_path):
    other = RunDirectory(tmp_path / "other")
    train.main(["infomax-gan-stacked-digits", "--run-dir", str(other.path), "--steps", "1", *TINY])
    with pytest.raises(InputError, match="another model"):
        verify.run(verify.Arguments(exported, run=other.path))
