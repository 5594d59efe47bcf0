"""Execution of a run: start or continuation, checkpoints, signals."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence

import keras
import tensorflow as tf

from tf_infomax import callbacks
from tf_infomax.errors import Diverged, NotFinite
from tf_infomax.models import PlayersModel, current_step
from tf_infomax.runs.directory import RunDirectory


class Interrupted(Exception):
    """A signal stopped training; its state is saved.

    Attributes:
        signal: The signal.
        step: Training steps made.
    """

    def __init__(self, number: signal.Signals, step: int) -> None:
        super().__init__(f"stopped by {number.name} after step {step}")
        self.signal = number
        self.step = step


@contextlib.contextmanager
def exit_when_interrupted(num_steps: int) -> Iterator[None]:
    """Ends a program whose training a signal stopped: says how to continue, and exits with the signal's status."""
    try:
        yield
    except Interrupted as interruption:
        print(
            f"\nStopped by {interruption.signal.name} after step {interruption.step} of {num_steps}; "
            "the state is saved. Run the same command again to continue.",
            file=sys.stderr,
        )
        sys.exit(128 + interruption.signal)


def execute(
    model: PlayersModel,
    run: RunDirectory,
    *,
    num_steps: int,
    batches: Callable[[int], tf.data.Dataset],
    watchers: Sequence[keras.callbacks.Callback],
    strategy: tf.distribute.Strategy,
    checkpoint_seconds: float,
) -> bool:
    """Trains a compiled model from its newest checkpoint, or from the start, to the last step.

    Args:
        model: Model to train.
        run: An open run directory.
        num_steps: Steps of the whole run.
        batches: Maps a first step to the batches from there on.
        watchers: Callbacks.
        strategy: Strategy that the model was built under.
        checkpoint_seconds: Longest time between two checkpoints.

    Returns:
        Whether any training step was made.

    Raises:
        Interrupted: SIGINT or SIGTERM arrived; the state is saved, and calling this again continues.
        Diverged: A logged number or a sample is no longer finite; calling this again ends in the same way.
    """
    state = callbacks.TrainingState(run.checkpoints, every_seconds=checkpoint_seconds)
    with strategy.scope():
        step = state.restore(model)
    if step < num_steps:
        steps = num_steps - step
        watching = [callbacks.StopAtDivergence(), state, *watchers]
        try:
            model.fit(batches(step), steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=watching)
        except NotFinite as error:  # The last update broke the weights: no loss has seen them yet.
            raise Diverged(f"{error} at step {current_step(model)}") from None
        finally:
            state.release_signals()
    made = current_step(model)
    if state.interrupted_by is not None and made < num_steps:
        raise Interrupted(state.interrupted_by, made)
    return step < num_steps
