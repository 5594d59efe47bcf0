"""Disks that are full or read-only: one line, nothing is lost, and the same command goes on bit for bit."""

import errno
import json
import os
import shutil
from pathlib import Path

import keras
import pytest

from tests.faults import Disk, every_failure, no_file_above
from tests.small_presets import narrow
from tests.tiny import assert_equal_states, tiny_gan
from tf_infomax.callbacks import BestModel
from tf_infomax.commands import main, program
from tf_infomax.errors import NotWritten
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train
from tf_infomax.serving import export_generator, verify_generator_export

OPTIONS = GANRunOptions(
    metrics_every=2, metrics=("fid",), keep_best="fid", num_watched=16, sample_every=2, checkpoint_seconds=0.0
)


def make(path) -> RunDirectory:
    train(narrow("sngan-digits", steps=4, batch_size=8), path, name="sngan-digits", options=OPTIONS)
    return RunDirectory(path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> RunDirectory:
    return make(tmp_path_factory.mktemp("runs") / "finished")


@pytest.fixture
def copied(finished, tmp_path) -> RunDirectory:
    shutil.copytree(finished.path, tmp_path / "run")
    return RunDirectory(tmp_path / "run")


def files(run) -> dict[str, bytes]:
    return {str(path.relative_to(run.path)): path.read_bytes() for path in run.path.rglob("*") if path.is_file()}


def names(run) -> set[str]:
    return {name for name in files(run) if not name.startswith("logs")}


@pytest.mark.parametrize("name", ["step_000003.weights.h5", "watched.json", "final.png", "gan.keras"])
def test_a_run_goes_on_after_a_failure(finished, tmp_path, name):
    run = RunDirectory(tmp_path / "run")
    with Disk(fails_on=name).mounted(), pytest.raises(NotWritten, match=f"{name} cannot be written"):
        make(run.path)
    assert not list(run.path.rglob(".*"))
    make(run.path)
    assert names(run) == names(finished)
    assert_equal_states(run.load_gan(), finished.load_gan())
    assert_equal_states(run.load_gan(best=True), finished.load_gan(best=True))
    for path in ("watched_path", "best_record_path"):
        assert getattr(run, path).read_bytes() == getattr(finished, path).read_bytes()


def test_the_finished_model_is_whole_wherever_saving_fails(finished, copied):
    gan = finished.load_gan()
    copied.model_path.unlink()
    for disk in every_failure(lambda: copied.save_model(gan)):
        assert copied.is_finished == any(operation.startswith("replace") for operation in disk.done)
        if copied.is_finished:
            assert copied.has_model_of(4)
            copied.model_path.unlink()
    assert_equal_states(copied.load_gan(), gan)


def test_the_best_model_and_its_record_agree_in_the_end(finished, tmp_path):
    best = BestModel(tmp_path / "best.keras", tmp_path / "best.json", metric="fid", better="lower")
    gan = finished.load_gan()
    for value, step in ((9.0, 1), (3.0, 2)):
        for _ in every_failure(lambda value=value, step=step: best.offer(gan, {"value": value, "step": step})):
            pass  # The next attempt measures the same step again.
        assert json.loads((tmp_path / "best.json").read_text())["step"] == step
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.json", "best.keras"]


class CopyingArchive:
    """Stands for Keras' archive: what TensorFlow writes from C++ no fault reaches, so that once is enough."""

    whole: Path

    def add_endpoint(self, *arguments) -> None:
        pass

    def write_out(self, folder: str, **options) -> None:
        left_out = shutil.ignore_patterns("assets.extra")
        shutil.copytree(self.whole, folder, copy_function=os.link, dirs_exist_ok=True, ignore=left_out)


def test_an_export_is_whole_or_not_there(tmp_path, monkeypatch):
    gan = tiny_gan()
    CopyingArchive.whole = export_generator(gan.sampling_generator, tmp_path.parent / "whole", version=1)
    monkeypatch.setattr(keras.export, "ExportArchive", CopyingArchive)
    for disk in every_failure(lambda: export_generator(gan.sampling_generator, tmp_path, version=1)):
        moved = any(operation.startswith("replace") and operation.endswith("-1") for operation in disk.done)
        assert [path.name for path in tmp_path.iterdir()] == (["1"] if moved else [])
        if moved:
            shutil.rmtree(tmp_path / "1")
    assert verify_generator_export(tmp_path / "1", gan.sampling_generator, num_images=4, seed=0).passed


def ended(capfd, *argv, disk=None) -> tuple[int, list[str]]:
    """Runs a command line on a disk; returns its status and the lines on standard error but for progress."""
    capfd.readouterr()
    with pytest.raises(SystemExit) as exit_, program.program_output(), disk:
        main.run([str(argument) for argument in argv])
    lines = capfd.readouterr().err.replace("\r", "\n").splitlines()
    return exit_.value.code, [line for line in lines if line and "%|" not in line]


TRAINING = "--steps 4 --batch-size 8 --generator.base-channels 8 --discriminator.base-channels 8 --metrics-every 0"


@pytest.mark.parametrize("size, name", [(0, "config.json"), (100_000, "step_000004.weights.h5")])
def test_a_full_disk_while_training(tmp_path, capfd, size, name):
    argv = ("train", "sngan-digits", "--run-dir", tmp_path / "run", *TRAINING.split())
    status, lines = ended(capfd, *argv, disk=no_file_above(size))
    assert status == 1 and len(lines) == 1
    assert lines[0].startswith("error: ") and name in lines[0] and "File too large" in lines[0]
    assert not list(tmp_path.rglob(".*"))


COMMANDS = {
    "a grid": (["sample", "RUN", "--output", "OUT/grid.png"], "grid.png"),
    "arrays": (["sample", "RUN", "--output", "OUT/arrays.npz", "--num-images", "8"], "arrays.npz"),
    "images": (["sample", "RUN", "--output-folder", "OUT", "--num-images", "8"], "000000.png"),
    "records": (["evaluate", "RUN", "--num-real", "20", "--num-fake", "20", "--metrics", "fid"], "metrics.json"),
    "probes": (["probe", "RUN", "--measures", "svm", "--num-train", "40", "--num-test", "40"], "metrics.json"),
    "an export": (["export", "RUN", "--output", "OUT", "--version", "1"], "1"),
}


@pytest.mark.parametrize("arguments, name", COMMANDS.values(), ids=list(COMMANDS))
def test_a_read_only_disk_under_other_commands(copied, tmp_path, capfd, arguments, name):
    before = files(copied)
    argv = [text.replace("RUN", str(copied.path)).replace("OUT", str(tmp_path / "out")) for text in arguments]
    status, lines = ended(capfd, *argv, disk=Disk(fails_on=name, number=errno.EROFS).mounted())
    assert status == 1 and len(lines) == 1, lines
    assert lines[0].startswith("error: ") and f"{name} cannot be written: Read-only file system" in lines[0]
    assert files(copied) == before and not list(tmp_path.rglob(".*"))


def test_a_full_disk_while_exporting(copied, tmp_path, capfd):
    """TensorFlow writes SavedModels itself."""
    for size in (0, 2000, 20_000):
        argv = ("export", copied.path, "--output", tmp_path / "out")
        status, lines = ended(capfd, *argv, disk=no_file_above(size))
        assert status == 1 and len(lines) == 1, lines
        assert "1 cannot be written: File too large" in lines[0]
        assert not (tmp_path / "out").exists()
