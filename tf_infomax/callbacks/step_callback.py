"""Callbacks by training step, counted over the whole run, resumed or not."""

from pathlib import Path

import keras
import tensorflow as tf

from tf_infomax.errors import check_positive
from tf_infomax.models.players import current_step


class StepCallback(keras.callbacks.Callback):
    """Calls `on_step(step)` after each training step, with the number of steps made since the run began."""

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.on_step(current_step(self.model), logs or {})

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        """Acts after training step `step`, counted from 1; `logs` are running means."""
        raise NotImplementedError


class SummaryCallback(StepCallback):
    """Writes to TensorBoard at regular steps.

    Args:
        log_folder: TensorBoard's log directory.
        every: Training steps between writes.

    Raises:
        InputError: `every` is not positive.
    """

    def __init__(self, log_folder: Path, *, every: int) -> None:
        super().__init__()
        check_positive(every=every)
        self.log_folder = log_folder
        self.every = every

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._writer = tf.summary.create_file_writer(str(self.log_folder))

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        if step % self.every < self.model.steps_per_execution:  # Several steps may end together.
            with self._writer.as_default(step):
                self.summarise(step, logs)

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        """Calls `tf.summary` for step `step`."""
        raise NotImplementedError

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self._writer.close()
