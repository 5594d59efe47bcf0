"""An encoder's run, from the command line to the finished model."""

import json

import numpy as np
import pytest

from tests.event_files import scalars
from tests.runs.interruption import interrupt_and_continue
from tests.tiny import assert_equal_states
from tf_infomax.commands import train
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory

PRESET = "dim-coord-occlude-digits"
NEGATIVES = "--objectives.local-infomax.num-negatives"
TINY = (
    "--steps 6 --batch-size 8 --log-every 2 --encoder.base-channels 4 --encoder.fc-units 8 --encoder.output-dim 6 "
    "--objectives.local-infomax.head-units 8"
).split()


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "run"
    train.main([PRESET, "--run-dir", str(path), *TINY])
    return RunDirectory(path)


def test_run_directory(run):
    names = {"config.json", "checkpoints", "logs", "run.log", "deep_infomax.keras"}
    assert {path.name for path in run.path.iterdir()} == names
    config = json.loads(run.config_path.read_text())
    assert config["preset"] == PRESET and config["dataset"]["size"] == 4000
    model = config["settings"]["model"]
    assert list(model["objectives"])[0] == "local_infomax" and model["occlusion"] == 10


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
        lambda: train.main([PRESET, "--run-dir", str(continued.path), *TINY]),
        continued,
        monkeypatch,
        capsys,
        num_steps=6,
    )
    assert_equal_states(run.load_model(), continued.load_model())


def test_targets_of_noise_continue_exactly(tmp_path, monkeypatch, capsys):
    """Row numbers of the whole split come with its images, and the table of targets is in the states of a run."""
    command = ["nat-digits", *TINY[:-2]]  # without the width of a head
    whole, continued = (RunDirectory(tmp_path / name) for name in ("whole", "continued"))
    train.main([*command, "--run-dir", str(whole.path)])
    repeat = [*command, "--run-dir", str(continued.path)]
    interrupt_and_continue(lambda: train.main(repeat), continued, monkeypatch, capsys, num_steps=6)
    assert_equal_states(whole.load_model(), continued.load_model())
    moved = scalars(whole.logs)["noise_as_targets/moved"]
    assert len(moved) == 3 and min(moved) > 0


def test_an_untrained_encoder_is_saved(tmp_path):
    arguments = ["--run-dir", str(tmp_path / "run"), "--encoder.base-channels", "4", "--encoder.fc-units", "8"]
    train.main(["untrained-digits", *arguments])
    assert RunDirectory(tmp_path / "run").load_model().encode(np.zeros((2, 28, 28, 1), np.uint8))["fc"].shape == (2, 8)


@pytest.mark.parametrize(
    "command, message",
    [
        (["dim-l-digit"], "did you mean dim-.*"),
        ([PRESET, "--run-dir", "x", "--occlusion", "20"], "from 0 to 14"),
        ([PRESET, "--run-dir", "x", "--block-size", "2"], "needs an encoder with `summarise`"),
        (["untrained-digits", "--run-dir", "x", "--steps", "5"], "`steps` must be 0. Received: 5"),
        (["supervised-digits", "--run-dir", "x", "--num-classes", "7"], "must be 10 for digits .* Received: 7"),
        (
            [PRESET, "--run-dir", "x", "--objectives.local-infomax.num-negatives", "64"],
            "below `batch_size` = 64. Received: 64",
        ),
        (["nat-digits", "--run-dir", "x", "--num-images", "5000"], "must be 4000 for digits .* Received: 5000"),
        (["nat-digits", "--run-dir", "x", "--num-images", "None"], "NoiseAsTargets needs the setting `num_images`"),
        (["nat-digits", "--run-dir", "x", "--jit-compile", "True"], "must be False with noise_as_targets"),
        (["dim-g-digits", "--run-dir", "x", "--num-images", "4000"], "Received: 4000 with global_infomax, prior_match"),
        (["supervised-digits", "--run-dir", "x", "--num-images", "4000"], "Received: 4000 with classification"),
        ([PRESET, "--run-dir", "x", "--source-size", "20"], "at least `image_size` = 28. Received: 20"),
    ],
)
def test_bad_input_writes_nothing(command, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        train.main(command)
    assert not (tmp_path / "x").exists()


def test_a_gan_is_not_loaded_from_an_encoder(run):
    with pytest.raises(InputError, match="must hold a GAN. Received: a DeepInfoMax"):
        run.load_gan()


def test_own_photos(photos, tmp_path):
    """They are read as the split train, whatever the preset's own, and have no labels without sub-folders."""
    arguments = ["--dataset", "folder", "--data-dir", str(photos), "--run-dir", str(tmp_path / "run")]
    with pytest.raises(InputError, match="classification needs labels, and folder .split train. has none"):
        train.main(["supervised-digits", *arguments, "--num-channels", "3", "--batch-size", "8"])
    with pytest.raises(InputError, match="from 1 to 8, .* 'folder' has in split 'train'. Received: 64"):
        train.main(["dim-l-infonce-stl10", *arguments])
    assert not (tmp_path / "run").exists()
