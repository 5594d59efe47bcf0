"""The best model of a run that is killed and continued, which is that of a run that was not."""

import dataclasses
import math
from pathlib import Path

import pytest

from tests.small_presets import narrow
from tests.tiny import assert_equal_states
from tf_infomax import callbacks
from tf_infomax.metrics import POINT_METRICS
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.runs.training import train

# It says that `tf.data` is compiled all the same.
pytestmark = pytest.mark.filterwarnings("ignore:Even though the `tf.config:UserWarning")

PRESET = narrow("vgan-grid", steps=6, batch_size=8, discriminator_steps=1)
OPTIONS = GANRunOptions(metrics_every=1, num_watched=60, sample_every=100, metrics=("ta", "wd"), keep_best="ta")
ACCURACIES = {1: math.nan, 2: 40.0, 3: 60.0, 4: 49.0, 5: 55.0, 6: 52.0}
"""Values of `ta` by step; that of step 4 is best."""


class Killed(BaseException):
    """Ends training as a kill does: nothing else is written."""


class Control:
    """Decides on the checkpoints, the values of `ta` and the end of the runs of a test."""

    def __init__(self) -> None:
        self.checkpoints: tuple[int, ...] = ()
        self.kill_at: int | None = None
        self.step = 0

    def on_step(self, state: callbacks.TrainingState, step: int) -> None:
        self.step = step
        if step in self.checkpoints:
            state._save(step)
        if step == self.kill_at:
            raise Killed

    def train_and_kill(self, path: Path, *, checkpoints: tuple[int, ...], kill_at: int) -> RunDirectory:
        """Trains until a kill at a step, after its checkpoint and before its measurement, and then to the end."""
        self.checkpoints, self.kill_at = checkpoints, kill_at
        with pytest.raises(Killed):
            train(PRESET, path, options=OPTIONS)
        self.step, self.kill_at = max(checkpoints), None
        train(PRESET, path, options=OPTIONS)
        return RunDirectory(path)


@pytest.fixture(scope="module")
def control():
    control = Control()
    accuracy = dataclasses.replace(POINT_METRICS["ta"], measure=lambda pair: ACCURACIES[control.step])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(POINT_METRICS, "ta", accuracy)
        patch.setattr(callbacks.TrainingState, "on_step", lambda state, step, logs: control.on_step(state, step))
        yield control


@pytest.fixture(scope="module")
def whole(control, tmp_path_factory) -> RunDirectory:
    run = RunDirectory(tmp_path_factory.mktemp("runs") / "whole")
    train(PRESET, run.path, options=OPTIONS)
    return run


@pytest.mark.parametrize(
    "checkpoints, kill_at",
    [
        ((2,), 5),  # The best model is newer than the checkpoint: it is made, measured and found again.
        ((4,), 4),  # Killed between the checkpoint of the best step and its measurement.
    ],
)
def test_the_best_model_is_the_same(checkpoints, kill_at, control, whole, tmp_path):
    killed = control.train_and_kill(tmp_path / "run", checkpoints=checkpoints, kill_at=kill_at)
    assert (whole.best_record()["step"], whole.best_record()["value"]) == (4, 49.0)
    assert killed.best_record() == whole.best_record()
    assert_equal_states(killed.load_gan(best=True), whole.load_gan(best=True))
    assert_equal_states(killed.load_gan(), whole.load_gan())
    assert killed.watched_path.read_bytes() == whole.watched_path.read_bytes()
