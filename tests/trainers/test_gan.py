"""The training program: a run directory, bad input, and interruption at any moment."""

import json
import signal
import time
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests import programs
from tests.programs import TINY, TINY_NETWORKS
from tf_infomax.errors import InputError
from tf_infomax.presets import PRESETS
from tf_infomax.runs.directory import RunDirectory
from trainers import gan as program

PRESET = "infomax-gan-stacked-digits"


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory) -> RunDirectory:
    path = tmp_path_factory.mktemp("runs") / "finished"
    program.main([PRESET, "--run-dir", str(path), "--steps", "8", *TINY])
    return RunDirectory(path)


def scalars(folder: Path) -> dict[str, list[float]]:
    """Every scalar in TensorBoard's files, by name."""
    found: dict[str, list[float]] = {}
    for file in sorted(folder.glob("events.*")):
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                found.setdefault(value.tag, [])
                if value.metadata.plugin_data.plugin_name == "scalars":
                    found[value.tag].append(float(tf.make_ndarray(value.tensor)))
    return found


def test_run_directory(finished_run):
    names = {path.name for path in finished_run.path.iterdir()}
    assert names == {"config.json", "checkpoints", "logs", "samples", "gan.keras"}
    assert {path.name for path in finished_run.samples.iterdir()} == {
        "step_000004.png",
        "step_000008.png",
        "final.png",
    }
    config = json.loads(finished_run.config_path.read_text())
    assert config["preset"] == PRESET
    assert config["settings"]["steps"] == 8
    assert config["dataset"] == {"name": "stacked-digits", "split": "train", "size": 128_000}
    assert config["versions"]["tensorflow"] == tf.__version__
    assert [path.name for path in finished_run.checkpoints.iterdir()] == ["step_000008.weights.h5"]


def test_grid_is_of_the_fixed_latents(finished_run):
    grid = tf.io.decode_png((finished_run.samples / "final.png").read_bytes()).numpy()
    first = finished_run.load_gan().generate(64, seed=0)[0]
    np.testing.assert_array_equal(grid[2:86:3, 2:86:3], first)


def test_tensorboard_has_every_term(finished_run):
    logged = scalars(finished_run.logs)
    for name in (
        "discriminator/adversarial",
        "discriminator/infomax",
        "discriminator/total",
        "generator/adversarial",
        "generator/infomax",
        "generator/total",
        "infomax/accuracy",
        "infomax/fake_accuracy",
        "learning_rate/generator",
        "learning_rate/discriminator",
        "speed/images_per_second",
    ):
        assert len(logged[name]) == 4, name
    assert len(logged["metrics/fid"]) == len(logged["metrics/modes"]) == 2
    assert "samples" in logged
    assert logged["learning_rate/generator"][-1] == 0.0


def test_a_finished_run_is_left_as_it_is(finished_run):
    before = finished_run.gan_path.stat().st_mtime_ns
    program.main([PRESET, "--run-dir", str(finished_run.path), "--steps", "8", *TINY])
    assert finished_run.gan_path.stat().st_mtime_ns == before


def test_another_run_in_the_directory(finished_run):
    before = finished_run.config_path.read_bytes()
    with pytest.raises(InputError, match="steps 8 there, 9 here.*--overwrite"):
        program.main([PRESET, "--run-dir", str(finished_run.path), "--steps", "9", *TINY])
    assert finished_run.config_path.read_bytes() == before


def test_a_directory_that_is_no_run(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match="holds no run"):
        program.main([PRESET, "--run-dir", str(tmp_path), "--overwrite", *TINY])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([PRESET, "--steps", "0"], "`steps` must be at least 1. Received: 0"),
        ([PRESET, "--dataset", "stacked-digit"], "stacked-digits"),
        ([PRESET, "--image-size", "30"], "30"),
        ([PRESET, "--num-channels", "1"], "`num_channels` must be 3"),
        ([PRESET, "--batch-size", "5", "--strategy", "mirrored"], "multiple of the 2 replicas"),
        ([PRESET, "--replicas", "2"], "needs `strategy` mirrored"),
        ([PRESET, "--features", "nonsense"], "nonsense"),
    ],
)
def test_bad_input_writes_nothing(tmp_path, arguments, message):
    run_dir = tmp_path / "run"
    with pytest.raises(InputError, match=message):
        program.main([*arguments, "--run-dir", str(run_dir)])
    assert not run_dir.exists()


def test_unknown_preset_names_the_known_ones():
    result = programs.run("trainers.gan", "infomax-gan-cifar11", "--run-dir", "unused")
    assert result.returncode == 2
    (line,) = result.stderr.strip().splitlines()
    assert all(name in line for name in PRESETS)


def test_help_lists_presets(capsys):
    with pytest.raises(SystemExit) as exit_:
        program.main(["--help"])
    assert exit_.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in PRESETS)
    assert max(map(len, printed.splitlines())) <= 120
    assert "fid 17.14, kid 0.0112, is 8.08  (Lee et al., WACV 2021, Table 1)" in printed
    assert (
        "ring: dataset ring, split train, points" in printed and "digits: dataset digits, split train, 28 px" in printed
    )
    words = " ".join(printed.split())
    assert "modes 8, hq 99.28, kl 1.739, wd 0.185, mmd 0.058, ta 74.15, ra 73.47" in words
    assert words.count("(Khorramshahi et al., 2020, Table III)") == 4


def test_help_of_a_preset_lists_what_was_published_with_other_settings(capsys):
    with pytest.raises(SystemExit) as exit_:
        program.main(["infomax-gan-cifar10", "--help"])
    assert exit_.value.code == 0
    printed = capsys.readouterr().out
    assert "--projection-dim 4096: fid 17.38 ± 0.11 (Lee et al., WACV 2021, Table 4)" in printed


def test_two_replicas_train(tmp_path):
    run = RunDirectory(tmp_path / "run")
    program.main([PRESET, "--run-dir", str(run.path), "--steps", "2", "--strategy", "mirrored", *TINY])
    assert run.load_gan().generate(2).shape == (2, 28, 28, 3)


def variables(run: RunDirectory) -> dict[str, np.ndarray]:
    """All state of a finished model: weights, both optimizers, spectral-norm vectors, running statistics."""
    gan = run.load_gan()
    found = {f"model/{v.path}": v.numpy() for v in gan.variables}
    for player in ("generator", "discriminator"):
        found |= {f"{player}/{v.path}": v.numpy() for v in getattr(gan, f"{player}_optimizer").variables}
    return found


def wait_for(process, condition) -> None:
    deadline = time.monotonic() + 200
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_a_killed_run_continues_exactly(tmp_path):
    whole, killed = RunDirectory(tmp_path / "whole"), RunDirectory(tmp_path / "killed")
    arguments = [PRESET, "--steps", 40, "--discriminator-steps", 2, "--checkpoint-seconds", 0, *TINY_NETWORKS]
    arguments += ["--metrics-every", 0]
    assert programs.run("trainers.gan", *arguments, "--run-dir", whole.path).returncode == 0
    for number, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 128 + signal.SIGTERM)):
        newest = max((path.name for path in killed.checkpoints.glob("step_*")), default="")
        process = programs.start("trainers.gan", *arguments, "--run-dir", killed.path)
        wait_for(process, lambda: any(path.name > newest for path in killed.checkpoints.glob("step_*")))  # noqa: B023
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == status, errors
        assert not killed.gan_path.exists()
    assert "Run the same command again to continue" in errors
    assert programs.run("trainers.gan", *arguments, "--run-dir", killed.path).returncode == 0
    expected, continued = variables(whole), variables(killed)
    assert expected.keys() == continued.keys()
    for name, value in expected.items():
        np.testing.assert_array_equal(continued[name], value, err_msg=name)
    assert len(list(killed.checkpoints.iterdir())) == 3


def test_loaded_model_continues_training(finished_run):
    gan = keras.models.load_model(finished_run.gan_path)
    assert int(gan.generator_optimizer.iterations) == int(gan.discriminator_optimizer.iterations) == 8
