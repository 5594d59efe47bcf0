"""Execution of a run: start or continuation, checkpoints, signals."""

import contextlib
import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence

import keras
import tensorflow as tf

from tf_infomax import callbacks, distribution
from tf_infomax.errors import Diverged, NotFinite
from tf_infomax.models import PlayersModel, all_variables, current_step
from tf_infomax.runs.directory import RunDirectory

_logger = logging.getLogger(__name__)


class Interrupted(Exception):
    """A signal stopped training; its state is saved.

    Attributes:
        signal: The signal.
    """

    def __init__(self, number: signal.Signals, step: int, num_steps: int) -> None:
        super().__init__(f"Stopped by {number.name} after step {step} of {num_steps}; the state is saved")
        self.signal = number


class Stopped(RuntimeError):
    """Something outside ended training, such as the loss of another worker; the newest state is kept."""


@contextlib.contextmanager
def exit_when_interrupted() -> Iterator[None]:
    """Ends a program whose training a signal or another cause outside stopped, and says how to continue.

    After a signal the exit status is the signal's.
    """
    try:
        yield
    except Interrupted as interruption:
        print(f"\n{interruption}. Run the same command again to continue.", file=sys.stderr)
        sys.exit(128 + interruption.signal)
    except Stopped as error:
        print(
            f"\nerror: {error}. Run the same command again to continue from the newest state.",
            file=sys.stderr,
        )
        sys.exit(1)


def execute(
    model: PlayersModel,
    run: RunDirectory,
    *,
    num_steps: int,
    batches: Callable[[int], tf.data.Dataset],
    watchers: Sequence[keras.callbacks.Callback],
    strategy: tf.distribute.Strategy,
    checkpoint_seconds: float,
    own_callbacks: Sequence[keras.callbacks.Callback] = (),
) -> bool:
    """Trains a compiled model from its newest checkpoint, or from the start, to the last step.

    Args:
        model: Model to train.
        run: An open run directory.
        num_steps: Steps of the whole run.
        batches: Maps a first step to the batches from there on.
        watchers: Callbacks; of several workers the chief has them.
        strategy: Strategy that the model was built under.
        checkpoint_seconds: Longest time between two checkpoints.
        own_callbacks: The user's callbacks, called after all others; of several workers the chief has them. What one
            raises after a step is raised here, with the state saved.

    Returns:
        Whether any training step was made.

    Raises:
        Interrupted: SIGINT or SIGTERM arrived; the state is saved, and calling this again continues.
        Stopped: Another worker has ended, the data have, or a callback has set `stop_training`; calling this again, on
            all workers, continues.
        Diverged: A logged number or a sample is no longer finite; calling this again ends in the same way.
    """
    chief = distribution.is_chief(strategy)
    state = callbacks.TrainingState(run.checkpoints, every_seconds=checkpoint_seconds, writes=chief)
    own = callbacks.OwnCallbacks(own_callbacks)
    step = _restore(model, state, strategy)
    _logger.info("training from step %d to %d on %d replicas", step, num_steps, strategy.num_replicas_in_sync)
    if step < num_steps:
        guard = callbacks.SkippedSteps() if model.skip_non_finite else callbacks.StopAtDivergence()
        watching = [guard, state, *watchers, own]
        with _explained(state, strategy, watchers):
            dataset = distribution.deal_out(strategy, batches(step))
            model.fit(dataset, steps_per_epoch=num_steps - step, shuffle=False, verbose=0, callbacks=watching)
    with distribution.together(strategy):
        pass  # The chief has saved the last state: a worker that ends before would be lost to it.
    made = current_step(model)
    _logger.info("trained to step %d", made, exc_info=own.failure)
    if own.failure is not None:
        _logger.warning("warning: a callback failed; the state of step %d is saved", made)
        raise own.failure
    if state.interrupted_by is not None and made < num_steps:
        raise Interrupted(state.interrupted_by, made, num_steps)
    if made < num_steps and model.stop_training:
        raise Stopped(f"a callback ended training after step {made} of {num_steps}")
    if made < num_steps:
        # Keras takes any of TensorFlow's errors about a range, that of a file's size too, for the end of the data.
        raise Stopped(f"training ended after step {made} of {num_steps}, as if there were no more data")
    return step < num_steps


@contextlib.contextmanager
def _explained(
    state: callbacks.TrainingState, strategy: tf.distribute.Strategy, watchers: Sequence[keras.callbacks.Callback]
) -> Iterator[None]:
    """Says of what ends `fit` how it stands with the run, as the last line on the screen."""
    try:
        yield
    except tf.errors.OpError as error:
        if distribution.num_workers(strategy) == 1:
            raise
        raise Stopped(f"another worker was lost ({type(error).__name__})") from error
    except NotFinite as error:  # The last update broke the weights: no loss has seen them yet.
        raise Diverged(f"{error} at step {current_step(state.model)}; {_last_good(state)}") from None
    except Diverged as error:
        raise Diverged(f"{error}; {_last_good(state)}") from None
    finally:
        state.release_signals()
        for watcher in watchers:
            if isinstance(watcher, callbacks.ProgressBar):
                watcher.close()


def _last_good(state: callbacks.TrainingState) -> str:
    return f"the last good state is {state.newest or 'none'}"


def _restore(model: PlayersModel, state: callbacks.TrainingState, strategy: tf.distribute.Strategy) -> int:
    """Loads the newest state and returns its step; workers take over what the chief has loaded.

    So the workers need no common file system, and none can see another newest state than the chief.
    """
    # Not in the strategy's scope: there, loading makes variables, which workers can only do together.
    with distribution.together(strategy):
        if distribution.is_chief(strategy):
            state.restore(model)
    if distribution.num_workers(strategy) > 1:
        variables = all_variables(model)
        values = distribution.broadcast(strategy, [variable.numpy() for variable in variables])
        with strategy.scope():
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
    return current_step(model)
