"""A GAN's run: its directory and files, wrong input, and interruption at any moment."""

import json
import signal
import time

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests import programs
from tests.event_files import scalars
from tests.programs import TINY, TINY_NETWORKS
from tests.tiny import assert_equal_states
from tf_infomax.commands import train
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory

PRESET = "infomax-gan-stacked-digits"


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "finished"
    train.main([PRESET, "--run-dir", str(path), "--steps", "8", *TINY])
    return RunDirectory(path)


def test_run_directory(finished_run):
    names = {path.name for path in finished_run.path.iterdir()}
    assert names == {"config.json", "checkpoints", "logs", "samples", "watched.json", "run.log", "gan.keras"}
    pictures = {path.name for path in finished_run.samples.iterdir()}
    assert pictures == {"real.png", "step_000004.png", "step_000008.png", "final.png"}
    assert [path.name for path in finished_run.checkpoints.iterdir()] == ["step_000008.weights.h5"]
    assert finished_run.is_finished and finished_run.model_path.name == "gan.keras"


def test_config(finished_run):
    config = json.loads(finished_run.config_path.read_text())
    assert config["preset"] == PRESET and config["seeds"] == {"run": 0}
    settings = config["settings"]
    assert settings["schedule"] == {"steps": 8, "batch_size": 8}
    assert settings["model"]["objectives"]["infomax"]["projection_dim"] == 8
    assert settings["model"]["generator"]["class"] == "ConvolutionalGenerator"
    expected = {"name": "stacked-digits", "split": "train", "size": 128_000, "image_size": 28, "num_channels": 3}
    assert config["dataset"] == expected
    assert config["versions"]["tensorflow"] == tf.__version__


def test_grid_is_of_the_fixed_latents(finished_run):
    grid = tf.io.decode_png((finished_run.samples / "final.png").read_bytes()).numpy()
    first = finished_run.load_gan().generate(64, seed=0)[0]
    np.testing.assert_array_equal(grid[2:86:3, 2:86:3], first)


def test_tensorboard_has_every_term(finished_run):
    logged = scalars(finished_run.logs)
    terms = [f"{player}/{term}" for player in ("discriminator", "generator") for term in ("adversarial", "infomax")]
    for name in (
        *terms,
        *("discriminator/total", "generator/total", "infomax/accuracy", "infomax/fake_accuracy"),
        *("learning_rate/generator", "learning_rate/discriminator", "speed/images_per_second"),
    ):
        assert len(logged[name]) == 4, name
    assert len(logged["metrics/fid"]) == len(logged["metrics/modes"]) == 2
    assert "samples" in logged
    assert logged["learning_rate/generator"][-1] == 0.0


def test_a_finished_run_is_left_as_it_is(finished_run):
    before = finished_run.model_path.stat().st_mtime_ns
    train.main([PRESET, "--run-dir", str(finished_run.path), "--steps", "8", *TINY])
    assert finished_run.model_path.stat().st_mtime_ns == before


def test_another_run_in_the_directory(finished_run):
    before = finished_run.config_path.read_bytes()
    with pytest.raises(InputError, match="steps 8 there, 9 here.*--overwrite"):
        train.main([PRESET, "--run-dir", str(finished_run.path), "--steps", "9", *TINY])
    assert finished_run.config_path.read_bytes() == before


def test_a_directory_that_is_no_run(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match="holds no run"):
        train.main([PRESET, "--run-dir", str(tmp_path), "--overwrite", *TINY])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_overwriting_deletes_the_run_and_nothing_else(tmp_path):
    run = RunDirectory(tmp_path / "run")
    for steps in ("2", "1"):
        train.main([PRESET, "--run-dir", str(run.path), "--steps", steps, "--overwrite", *TINY])
        (run.path / "notes.txt").write_text("kept")
        if steps == "2":  # Someone moves the states to another disk.
            run.checkpoints.rename(tmp_path / "elsewhere")
            run.checkpoints.symlink_to(tmp_path / "elsewhere")
    assert list((tmp_path / "elsewhere").glob("step_*2.*")) and not run.checkpoints.is_symlink()
    assert run.config()["settings"]["schedule"]["steps"] == 1 and (run.path / "notes.txt").exists()
    assert int(run.load_gan().generator_optimizer.iterations) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([PRESET, "--steps", "0"], "`steps` must be at least 1. Received: 0"),
        ([PRESET, "--dataset", "stacked-digit"], "stacked-digits"),
        ([PRESET, "--image-size", "30"], "30"),
        ([PRESET, "--num-channels", "1"], "`num_channels` must be 3"),
        ([PRESET, "--batch-size", "5", "--strategy", "mirrored"], "multiple of the 2 replicas"),
        ([PRESET, "--replicas", "2"], "`replicas` must be 1 unless .* Received: 2"),
        ([PRESET, "--features", "nonsense"], "nonsense"),
        ([PRESET, "--log-every", "0"], "`log_every` must be at least 1. Received: 0"),
        ([PRESET, "--metrics-every", "-1"], "`metrics_every` must not be negative. Received: -1"),
        ([PRESET, "--sample-every", "0"], "`sample_every` must be at least 1. Received: 0"),
    ],
)
def test_bad_input_writes_nothing(tmp_path, arguments, message):
    run_dir = tmp_path / "run"
    with pytest.raises(InputError, match=message):
        train.main([*arguments, "--run-dir", str(run_dir)])
    assert not run_dir.exists()


def test_two_replicas_train(with_graphs, tmp_path):
    run = RunDirectory(tmp_path / "run")
    train.main([PRESET, "--run-dir", str(run.path), "--steps", "2", "--strategy", "mirrored", *TINY])
    assert run.load_gan().generate(2).shape == (2, 28, 28, 3)


def wait_for(process, condition) -> None:
    deadline = time.monotonic() + 200
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_a_killed_run_continues_exactly(with_graphs, tmp_path):
    whole, killed = RunDirectory(tmp_path / "whole"), RunDirectory(tmp_path / "killed")
    arguments = [PRESET, "--steps", 40, "--discriminator-steps", 2, "--checkpoint-seconds", 0, *TINY_NETWORKS]
    arguments += ["--metrics-every", 0]
    train.main([str(argument) for argument in (*arguments, "--run-dir", whole.path)])
    for number, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 128 + signal.SIGTERM)):
        newest = max((path.name for path in killed.checkpoints.glob("step_*")), default="")
        process = programs.start("trainers.gan", *arguments, "--run-dir", killed.path)
        wait_for(process, lambda: any(path.name > newest for path in killed.checkpoints.glob("step_*")))  # noqa: B023
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == status, errors
        assert not killed.is_finished
    assert "Run the same command again to continue" in errors
    train.main([str(argument) for argument in (*arguments, "--run-dir", killed.path)])
    assert_equal_states(killed.load_gan(), whole.load_gan())
    assert len(list(killed.checkpoints.iterdir())) == 3


def test_loaded_model_continues_training(finished_run):
    gan = keras.models.load_model(finished_run.model_path)
    assert int(gan.generator_optimizer.iterations) == int(gan.discriminator_optimizer.iterations) == 8
