"""Damaged files, and two processes in one run directory: nothing is lost and nothing is silently different."""

import dataclasses
import errno
import logging
import os
import shutil
import subprocess
import sys

import keras
import pytest

from tests.small_presets import narrow
from tests.tiny import assert_equal_states
from tf_infomax.callbacks import TrainingState
from tf_infomax.callbacks.best_model import read_best_record
from tf_infomax.commands import program
from tf_infomax.errors import InputError
from tf_infomax.files import write_json
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

OPTIONS = GANRunOptions(metrics_every=0, checkpoint_seconds=0.0)
STEPS = 4
WEIGHT = "objectives.infomax.generator_weight"


def preset(**changes):
    return narrow("sngan-digits", steps=STEPS, batch_size=8, **changes)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> RunDirectory:
    """A finished run with a state of each of its last steps."""
    run = RunDirectory(tmp_path_factory.mktemp("runs") / "finished")
    train(preset(), run.path, options=OPTIONS)
    return run


@pytest.fixture
def interrupted(finished, tmp_path) -> RunDirectory:
    """The same run without its finished model."""
    shutil.copytree(finished.path, tmp_path / "run")
    run = RunDirectory(tmp_path / "run")
    run.model_path.unlink()
    return run


def states(run):
    return sorted(run.checkpoints.glob("*.weights.h5"))


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "damage", [truncate, lambda path: path.write_bytes(b""), lambda path: path.write_bytes(b"x" * 99)]
)
def test_the_state_before_a_damaged_one_is_used(finished, interrupted, damage, caplog):
    damage(states(interrupted)[-1])
    with caplog.at_level(logging.WARNING):
        train(preset(), interrupted.path, options=OPTIONS)
    assert "damaged" in caplog.text
    assert_equal_states(interrupted.load_gan(), finished.load_gan())


def test_all_states_damaged(interrupted):
    for path in states(interrupted):
        truncate(path)
    with pytest.raises(InputError, match="All 3 states .* are damaged; begin again with --overwrite"):
        train(preset(), interrupted.path, options=OPTIONS)


def test_files_of_others_are_no_states(interrupted, finished):
    (interrupted.checkpoints / "step_abc.weights.h5").write_text("mine")
    train(preset(), interrupted.path, options=OPTIONS)
    assert_equal_states(interrupted.load_gan(), finished.load_gan())


def test_a_damaged_model_is_written_again(finished, tmp_path):
    shutil.copytree(finished.path, tmp_path / "run")
    run = RunDirectory(tmp_path / "run")
    truncate(run.model_path)
    with pytest.raises(InputError, match="is damaged; repeat the training command"):
        run.load_gan()
    train(preset(), run.path, options=OPTIONS)
    assert_equal_states(run.load_gan(), finished.load_gan())


@pytest.mark.parametrize("content", ["", "{", "[1, 2]"])
def test_a_damaged_configuration(finished, tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(InputError, match="config.json is damaged"):
        RunDirectory(tmp_path).load_gan()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_configuration_of_another_program(tmp_path, overwrite):
    (tmp_path / "config.json").write_text('{"model": "mine"}')
    (tmp_path / "logs").mkdir()
    with pytest.raises(InputError, match="holds no run"):
        train(preset(), tmp_path, options=dataclasses.replace(OPTIONS, overwrite=overwrite))
    with pytest.raises(InputError, match="holds no run: its config.json is another program's"):
        RunDirectory(tmp_path).load_gan()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "logs"]


@pytest.mark.parametrize("kind", [IsADirectoryError, NotADirectoryError, FileExistsError])
def test_a_folder_in_the_place_of_a_file_is_one_line(kind, capsys):
    with pytest.raises(SystemExit) as exit_, program.program_output():
        raise kind(errno.EISDIR, "Is a directory", "results")
    assert exit_.value.code == 2 and capsys.readouterr().err == "error: results: Is a directory\n"


@pytest.mark.parametrize(
    "layer, received",
    [(keras.layers.Dense(1), "a Sequential"), (keras.layers.Lambda(lambda x: x), "a file that fails")],
)
def test_a_model_from_elsewhere(finished, tmp_path, layer, received):
    shutil.copytree(finished.path, tmp_path / "run")
    run = RunDirectory(tmp_path / "run")
    keras.Sequential([keras.Input([1]), layer]).save(run.model_path)
    with pytest.raises(
        InputError, match=f"gan.keras must be the model that this run wrote.* Received: {received}"
    ) as error:
        run.load_gan()
    assert "safe_mode" not in str(error.value)


def test_a_damaged_record_of_the_best_model(tmp_path):
    (tmp_path / "best.json").write_text("{")
    with pytest.raises(InputError, match="best.json is damaged"):
        read_best_record(tmp_path / "best.json")


HOLD = """
import sys
from tf_infomax.runs.directory import RunDirectory
with RunDirectory(sys.argv[1]).locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_one_process_at_a_time(finished, interrupted):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", HOLD, str(interrupted.path)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=environment) as other:
        assert other.stdout.readline() == "locked\n"
        for options in (OPTIONS, GANRunOptions(metrics_every=0, overwrite=True)):
            with pytest.raises(InputError, match="Another process trains in"):
                train(preset(), interrupted.path, options=options)
        assert states(interrupted)
        other.kill()
    train(preset(), interrupted.path, options=OPTIONS)
    assert_equal_states(interrupted.load_gan(), finished.load_gan())


@pytest.mark.parametrize(
    "changes, message",
    [
        ({WEIGHT: float("nan")}, f"`{WEIGHT}` must be finite. Received: nan"),
        ({WEIGHT: float("inf")}, f"`{WEIGHT}` must be finite. Received: inf"),
        ({"seed": 2**32}, "`seed` must be from 0 to"),
        ({"seed": -1}, "`seed` must be from 0 to"),
    ],
)
def test_settings_that_are_no_numbers(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        train(narrow("infomax-gan-digits", steps=1).override(changes), tmp_path / "run", options=OPTIONS)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("error, status", [(KeyboardInterrupt, 130), (BrokenPipeError, 141)])
def test_interruptions_end_in_a_status(error, status, capfd):
    with pytest.raises(SystemExit) as exit_, program.program_output():
        raise error
    assert exit_.value.code == status
    assert "Traceback" not in capfd.readouterr().err


def test_states_are_sorted_by_step(tmp_path):
    for step in (9, 10, 1_000_000):
        (tmp_path / f"step_{step:06d}.weights.h5").touch()
    assert [path.name for path in TrainingState(tmp_path)._states()][-1] == "step_1000000.weights.h5"


def test_replaced_images_are_noticed(photos, tmp_path):
    folder = preset().override({"dataset": "folder", "num_channels": 3})
    options = GANRunOptions(metrics_every=0, data_dir=str(photos))
    run = RunDirectory(tmp_path / "run")
    train(folder, run.path, options=options)
    train(folder, run.path, options=options)
    os.utime(photos / "3.png", ns=(0, 0))
    with pytest.raises(InputError, match="images in .*photos are not those that .*run was trained on.*--overwrite"):
        train(folder, run.path, options=options)
    config = run.config()
    del config["dataset"]["files"]  # As an earlier version wrote it.
    write_json(run.config_path, config)
    train(folder, run.path, options=options)
