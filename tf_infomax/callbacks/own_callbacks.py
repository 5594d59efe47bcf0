"""Callbacks of users in a run, whose errors end it as a signal does: with the state saved."""

from collections.abc import Callable, Sequence
from typing import Any

import keras

Logs = dict[str, float]


class OwnCallbacks(keras.callbacks.Callback):
    """Calls callbacks from outside of the library, after its own.

    An error in one of them after a step stops training after that step. `TrainingState` saves the state then, all other
    callbacks end as ever, and whoever called `fit` raises `failure`. Before the first step there is nothing to save: an
    error is raised at once. Of several workers, which the chief must not leave alone, all stop one step later; the same
    holds for a callback that sets `stop_training`.

    Args:
        callbacks: The callbacks, in their order.

    Attributes:
        failure: Error that stopped training; None without one.
    """

    def __init__(self, callbacks: Sequence[keras.callbacks.Callback]) -> None:
        super().__init__()
        self.callbacks = list(callbacks)
        self._called = list(callbacks)
        self.failure: Exception | None = None

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model: keras.Model) -> None:
        super().set_model(model)
        for callback in self.callbacks:
            callback.set_model(model)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        for callback in self.callbacks:
            callback.on_train_begin(logs)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self._call_each(lambda callback: callback.on_train_batch_begin(batch, logs))

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self._call_each(lambda callback: callback.on_train_batch_end(batch, logs))
        if self.failure is not None:
            self.model.stop_training = True
        if self.model.stop_training and self.model.stop_vote is not None and not self.model.stop_vote.is_carried:
            self.model.stop_vote.cast()
            self.model.stop_training = False

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self._call_each(lambda callback: callback.on_epoch_end(epoch, logs))

    def on_train_end(self, logs: Logs | None = None) -> None:
        self._call_each(lambda callback: callback.on_train_end(logs))

    def _call_each(self, call: Callable[[keras.callbacks.Callback], None]) -> None:
        """Calls all callbacks; one that fails is never called again."""
        for callback in list(self._called):
            try:
                call(callback)
            except Exception as error:
                self._called.remove(callback)
                self.failure = self.failure or error
