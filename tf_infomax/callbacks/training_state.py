"""Checkpoints from which an interrupted run continues exactly."""

import logging
import re
import signal
import threading
import time
from pathlib import Path
from typing import Any

from tf_infomax.callbacks.divergence import check_state
from tf_infomax.callbacks.state_file import SUFFIX, read_state, write_state
from tf_infomax.callbacks.step_callback import StepCallback
from tf_infomax.errors import InputError, check_positive
from tf_infomax.files import remove_partial_files
from tf_infomax.models.players import PlayersModel, current_step

_NAME = re.compile(rf"step_(?P<step>\d+){re.escape(SUFFIX)}")

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)


class TrainingState(StepCallback):
    """Saves the whole training state at regular times, at the end, and when the process is asked to stop.

    A state holds weights, all optimizers, spectral-norm vectors and statistics of batch normalisation. Latents and data
    order are functions of seed and step, so nothing else is needed. Files are written atomically; the newest are kept.

    On SIGINT (Ctrl-C) or SIGTERM training stops after the current step with the state saved, and `interrupted_by` is
    the signal; a second signal acts as if this callback were not there. Of several workers each has this callback and
    the chief alone writes; a signal to any of them stops all after the next step.

    Args:
        folder: Folder of states, such as `step_000500.weights.h5`.
        every_seconds: Longest time between two states, to within one training step.
        keep: Number of states to keep.
        writes: Whether this process writes states: false for workers other than the chief.

    Raises:
        InputError: `keep` is not positive.
    """

    def __init__(self, folder: Path | str, *, every_seconds: float = 60.0, keep: int = 3, writes: bool = True) -> None:
        super().__init__()
        check_positive(keep=keep)
        self.folder = Path(folder)
        self.every_seconds = every_seconds
        self.keep = keep
        self.writes = writes
        self.interrupted_by: signal.Signals | None = None
        self._saved_at = time.monotonic()
        self._saved_step = 0
        self._handlers: dict[int, Any] = {}

    def restore(self, model: PlayersModel) -> int:
        """Loads the newest state, if there is one, and returns its training step.

        A state whose file is damaged gets a notice, and the one before it is loaded.

        Raises:
            InputError: All states are damaged.
        """
        if self.folder.exists():
            remove_partial_files(self.folder)
        states = self._states()
        for path in reversed(states):
            if _is_loaded(model, path):
                return current_step(model)
        if states:
            raise InputError(f"All {len(states)} states in {self.folder} are damaged; begin again with --overwrite.")
        return current_step(model)

    @property
    def newest(self) -> Path | None:
        """Path of the newest state on disk; None without one."""
        return next(reversed(self._states()), None)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._saved_at = time.monotonic()
        self._saved_step = current_step(self.model)
        if self.model.stop_vote is not None:
            self.model.stop_vote.reset()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._handlers[number] = signal.signal(number, self._on_signal)

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        if self._must_stop():
            self.model.stop_training = True
        elif self.writes and time.monotonic() - self._saved_at >= self.every_seconds:
            self._save(step)

    def _must_stop(self) -> bool:
        vote = self.model.stop_vote
        if vote is None:
            return self.interrupted_by is not None
        if vote.is_carried:
            self.interrupted_by = self.interrupted_by or signal.SIGTERM
        elif self.interrupted_by is not None:
            vote.cast()
        return vote.is_carried

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self.release_signals()
        step = current_step(self.model)
        if self.writes and step > self._saved_step:
            self._save(step)

    def _save(self, step: int) -> None:
        check_state(self.model)
        write_state(self.model, self.folder / f"step_{step:06d}{SUFFIX}")
        _logger.info("saved the state of step %d", step)
        self._saved_at = time.monotonic()
        self._saved_step = step
        for old in self._states()[: -self.keep]:
            old.unlink(missing_ok=True)

    def _states(self) -> list[Path]:
        found = {path: _NAME.fullmatch(path.name) for path in self.folder.glob(f"*{SUFFIX}")}
        steps = {path: int(match["step"]) for path, match in found.items() if match}
        return sorted(steps, key=lambda path: steps[path])

    def _on_signal(self, number: int, frame: object) -> None:
        self.interrupted_by = signal.Signals(number)
        self.release_signals()

    def release_signals(self) -> None:
        """Restores the previous handlers of SIGINT and SIGTERM."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()


def _is_loaded(model: PlayersModel, path: Path) -> bool:
    """Loads a state and returns whether that was possible; what a damaged one has set, the next one sets again."""
    try:
        read_state(model, path)
    except InputError as error:
        _logger.warning("warning: the state %s; the one before it is used", error)
        return False
    return True
