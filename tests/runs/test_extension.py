"""Training beyond the last step: the same bit for bit, whenever it is asked for and wherever it is interrupted."""

import shutil

import pytest

from tests.small_presets import narrow
from tests.tiny import assert_equal_states
from tf_infomax.callbacks import TrainingState
from tf_infomax.errors import InputError
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

STEPS, FURTHER = 3, 6


class Killed(BaseException):
    """The end of a process."""


def make(path, *, seed=0, **options) -> RunDirectory:
    run = RunDirectory(path)
    options = GANRunOptions(metrics_every=0, checkpoint_seconds=0.0, **options)
    train(narrow("sngan-digits", steps=STEPS, batch_size=8, seed=seed), run.path, options=options)
    return run


def killed_at(step, monkeypatch, path, **options) -> RunDirectory:
    """A run that ended after a step, with its state saved, and whatever comes later missing."""
    on_step = TrainingState.on_step

    def killing(self, now, logs):
        on_step(self, now, logs)
        if now == step:
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(TrainingState, "on_step", killing)
        make(path, **options)
    return RunDirectory(path)


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> tuple[RunDirectory, RunDirectory]:
    """A finished run, and a copy that was extended without an interruption."""
    folder = tmp_path_factory.mktemp("runs")
    finished = make(folder / "finished")
    shutil.copytree(finished.path, folder / "extended")
    return finished, make(folder / "extended", extend_to=FURTHER)


@pytest.fixture
def copied(runs, tmp_path) -> RunDirectory:
    shutil.copytree(runs[0].path, tmp_path / "run")
    return RunDirectory(tmp_path / "run")


def test_an_extension(runs):
    finished, extended = runs
    model = extended.load_gan()
    assert int(model.step_counter.numpy()) == FURTHER
    assert extended.config() == {**finished.config(), "extensions": [FURTHER]}
    pictures = {path.name: path.read_bytes() for path in extended.samples.iterdir()}
    assert pictures[f"step_{STEPS:06d}.png"] == (finished.samples / "final.png").read_bytes()
    assert pictures["final.png"] != pictures[f"step_{STEPS:06d}.png"]
    rates = model.players["generator"].learning_rate
    assert float(rates) == 0.0  # At the new end again.


@pytest.mark.parametrize("step, again", [(STEPS + 1, {}), (FURTHER, {"extend_to": FURTHER})])
def test_an_interrupted_extension_ends_as_an_uninterrupted_one(runs, copied, monkeypatch, step, again):
    killed_at(step, monkeypatch, copied.path, extend_to=FURTHER)
    assert_equal_states(copied.load_gan(), runs[0].load_gan())  # The model before stays until the new one is written.
    make(copied.path, **again)
    assert_equal_states(copied.load_gan(), runs[1].load_gan())
    assert (copied.samples / "final.png").read_bytes() == (runs[1].samples / "final.png").read_bytes()


def test_a_run_that_is_extended_before_its_end(runs, tmp_path, monkeypatch):
    run = killed_at(2, monkeypatch, tmp_path / "run")
    make(run.path, extend_to=FURTHER)
    assert_equal_states(run.load_gan(), runs[1].load_gan())


def test_what_an_extension_refuses(runs, copied, tmp_path):
    for steps in (1, STEPS):
        with pytest.raises(InputError, match=f"`extend_to` must be above the {STEPS} steps of the run. Received"):
            make(copied.path, extend_to=steps)
    with pytest.raises(InputError, match="holds none that stays"):
        make(tmp_path / "new", extend_to=FURTHER)
    with pytest.raises(InputError, match="holds none that stays"):
        make(copied.path, extend_to=FURTHER, overwrite=True)
    with pytest.raises(InputError, match="settings.seed 0 there, 1 here"):
        make(copied.path, extend_to=FURTHER, seed=1)
    assert "extensions" not in copied.config()
    shutil.rmtree(copied.checkpoints)
    with pytest.raises(InputError, match="cannot be extended: its training states, checkpoints, are gone"):
        make(copied.path, extend_to=FURTHER)
    assert_equal_states(copied.load_gan(), runs[0].load_gan())


def test_an_overwritten_run_is_not_extended(runs, tmp_path):
    shutil.copytree(runs[1].path, tmp_path / "run")
    run = make(tmp_path / "run", overwrite=True)
    assert run.config() == runs[0].config()
    assert_equal_states(run.load_gan(), runs[0].load_gan())
