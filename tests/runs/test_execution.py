"""Execution of a run whose weights break."""

import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import batches, random_images, tiny_gan
from tf_infomax.callbacks import ProgressBar, SampleGrid, StepCallback, TrainingState
from tf_infomax.commands.program import program_output
from tf_infomax.errors import Diverged
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.execution import execute


class Break(StepCallback):
    """Stands for an update with a NaN gradient: the losses before it were finite."""

    def on_step(self, step, logs) -> None:
        if step == 2:
            self.model.generator.to_image.bias.assign([np.nan])


def run_broken(run: RunDirectory, watchers, *, checkpoint_seconds: float = 0.0) -> None:
    gan = tiny_gan([])
    gan.compile()
    execute(
        gan,
        run,
        num_steps=4,
        batches=lambda step: batches(random_images(16), 4),
        watchers=watchers,
        strategy=tf.distribute.get_strategy(),
        checkpoint_seconds=checkpoint_seconds,
    )


def test_samples_that_are_not_finite_are_a_divergence(tmp_path):
    grids = SampleGrid(tmp_path / "samples", tmp_path / "logs", every=1, num_images=4)
    with pytest.raises(Diverged, match="4 of 4 images with values that are not finite .* at step 2"):
        run_broken(RunDirectory(tmp_path), [Break(), grids], checkpoint_seconds=60.0)
    assert {path.name for path in (tmp_path / "samples").iterdir()} == {"step_000001.png"}


def test_the_last_good_state_is_named_and_kept(tmp_path):
    """The weights break after the state of step 2 was saved: the next step's losses show it."""
    run = RunDirectory(tmp_path)
    message = r"training diverged: .*/.* is nan at step 3; the last good state is .*step_000002.weights.h5"
    with pytest.raises(Diverged, match=message):
        run_broken(run, [Break()])
    assert sorted(path.name for path in run.checkpoints.iterdir()) == [
        "step_000001.weights.h5",
        "step_000002.weights.h5",
    ]
    restored = tiny_gan([])
    restored.compile()
    assert TrainingState(run.checkpoints).restore(restored) == 2
    assert all(np.all(np.isfinite(weight)) for weight in restored.get_weights())


def test_a_broken_state_is_not_saved(tmp_path):
    gan = tiny_gan([])
    gan.compile()
    gan.generator.to_image.bias.assign([np.nan])
    state = TrainingState(tmp_path)
    state.set_model(gan)
    with pytest.raises(Diverged, match="to_image/bias is not finite after step 0"):
        state._save(0)
    assert not list(tmp_path.iterdir())


def test_the_divergence_is_the_last_line_on_the_screen(tmp_path, capfd):
    with pytest.raises(SystemExit), program_output():
        run_broken(RunDirectory(tmp_path), [ProgressBar(4), Break()])
    assert capfd.readouterr().err.rstrip().splitlines()[-1].startswith("error: training diverged: ")
