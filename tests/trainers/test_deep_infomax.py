"""An encoder's run, from the command line to the finished model."""

import json

import numpy as np
import pytest

from tests.tiny import assert_equal_states
from tests.trainers.interruption import interrupt_and_continue
from tests.trainers.test_gan import scalars
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from trainers import deep_infomax

PRESET = "dim-coord-occlude-digits"
TINY = (
    "--steps 6 --batch-size 8 --base-channels 4 --fc-units 8 --output-dim 6 --local-head-units 8 --log-every 2"
).split()


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    deep_infomax.main([PRESET, "--run-dir", str(path), *TINY])
    return RunDirectory(path)


def test_run_directory(run):
    assert {path.name for path in run.path.iterdir()} == {"config.json", "checkpoints", "logs", "deep_infomax.keras"}
    config = json.loads(run.config_path.read_text())
    assert config["preset"] == PRESET and config["dataset"] == {"name": "digits", "split": "train", "size": 4000}
    assert config["settings"]["objectives"][0] == "local_infomax" and config["settings"]["occlusion"] == 10


def test_tensorboard(run):
    logged = scalars(run.logs)
    for name in (
        "encoder/total",
        "encoder/local_infomax",
        "critic/prior_matching",
        "relative_coordinates/accuracy",
        "learning_rate/critic",
    ):
        assert len(logged[name]) == 3 and np.all(np.isfinite(logged[name])), name


def test_an_interrupted_run_continues_exactly(run, tmp_path, monkeypatch, capsys):
    continued = RunDirectory(tmp_path / "run")
    interrupt_and_continue(
        lambda: deep_infomax.main([PRESET, "--run-dir", str(continued.path), *TINY]),
        continued.encoder_path,
        monkeypatch,
        capsys,
        num_steps=6,
    )
    assert_equal_states(run.load_model(), continued.load_model())


def test_an_untrained_encoder_is_saved(tmp_path):
    arguments = ["--run-dir", str(tmp_path / "run"), "--base-channels", "4", "--fc-units", "8"]
    deep_infomax.main(["untrained-digits", *arguments])
    assert RunDirectory(tmp_path / "run").load_model().encode(np.zeros((2, 28, 28, 1), np.uint8))["fc"].shape == (2, 8)


@pytest.mark.parametrize(
    "command, message",
    [
        (["dim-l-digit"], "did you mean .* The presets are untrained-cifar10"),
        ([PRESET, "--run-dir", "x", "--global-weight", "2"], "is a setting of the objective global_infomax"),
        ([PRESET, "--run-dir", "x", "--occlusion", "20"], "from 0 to 14"),
        ([PRESET, "--run-dir", "x", "--block-size", "2"], "needs an encoder with `summarise`"),
        (["untrained-digits", "--run-dir", "x", "--steps", "5"], "`steps` must be 0. Received: 5"),
        (["supervised-digits", "--run-dir", "x", "--num-classes", "7"], "must be 10 for digits .* Received: 7"),
        ([PRESET, "--run-dir", "x", "--num-negatives", "64"], "below `batch_size` = 64. Received: 64"),
        ([PRESET, "--run-dir", "x", "--source-size", "20"], "at least `image_size` = 28. Received: 20"),
    ],
)
def test_bad_input_writes_nothing(command, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        deep_infomax.main(command)
    assert not (tmp_path / "x").exists()


def test_a_gan_is_not_loaded_from_an_encoder(run):
    with pytest.raises(InputError, match="holds the run of an encoder, not of a GAN"):
        run.load_gan()


def test_the_list_of_presets(capsys):
    with pytest.raises(SystemExit):
        deep_infomax.main(["--help"])
    listed = capsys.readouterr().out
    assert "dim-l-infonce-cifar10" in listed and "mlp_output 69.13" in listed


def test_published_variants_in_the_help_of_a_preset(capsys):
    with pytest.raises(SystemExit):
        deep_infomax.main(["dim-l-jsd-cifar10", "--help"])
    assert "--local-head concat_and_convolve: svm_conv 63.25" in capsys.readouterr().out


def test_own_photos(photos, tmp_path):
    """They are read as the split train, whatever the preset's own, and have no labels without sub-folders."""
    arguments = ["--dataset", "folder", "--data-dir", str(photos), "--run-dir", str(tmp_path / "run")]
    with pytest.raises(InputError, match="classification needs labels, and folder .split train. has none"):
        deep_infomax.main(["supervised-digits", *arguments, "--num-channels", "3", "--batch-size", "8"])
    with pytest.raises(InputError, match="from 1 to 8, .* 'folder' has in split 'train'. Received: 64"):
        deep_infomax.main(["dim-l-infonce-stl10", *arguments])
    assert not (tmp_path / "run").exists()
