"""A run stopped by SIGTERM and continued by the same command."""

import os
import signal
from collections.abc import Callable

import pytest

from tf_infomax.callbacks import TrainingState
from tf_infomax.runs.directory import RunDirectory


def interrupt_and_continue(
    train: Callable[[], None], run: RunDirectory, monkeypatch, capsys, *, num_steps: int
) -> None:
    """Trains to step 2, where the signal arrives, and then to the end: no step is left out and none made twice."""
    on_step, steps = TrainingState.on_step, []

    def interrupted(self, step, logs):
        steps.append(step)
        if step == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        on_step(self, step, logs)

    monkeypatch.setattr(TrainingState, "on_step", interrupted)
    with pytest.raises(SystemExit) as exit_:
        train()
    assert exit_.value.code == 128 + signal.SIGTERM and not run.is_finished
    assert "after step " in capsys.readouterr().err and max(steps) < num_steps
    train()
    assert steps == list(range(1, num_steps + 1))
