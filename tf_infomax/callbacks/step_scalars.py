"""Scalars of training in TensorBoard."""

import time
from pathlib import Path

import tensorflow as tf

from tf_infomax.callbacks.step_callback import SummaryCallback
from tf_infomax.models.players import current_step


class StepScalars(SummaryCallback):
    """Writes every loss term and metric, all learning rates and the training speed at regular steps.

    Values are means since the last write. `images_per_second` counts the real images of the updates. Means begin anew
    with the step after a write, so that what Keras gives to callbacks at the end of an epoch are means, too.

    Args:
        log_folder: TensorBoard's log directory.
        images_per_step: Real images in one training step.
        every: Training steps between writes.
    """

    def __init__(self, log_folder: Path, *, images_per_step: int, every: int = 50) -> None:
        super().__init__(log_folder, every=every)
        self.images_per_step = images_per_step

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        super().on_train_begin(logs)
        self._is_written = False
        self._restart_clock()

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if self._is_written:
            self.model.reset_metrics()
            self._is_written = False

    def _restart_clock(self) -> None:
        self._started, self._first = time.perf_counter(), current_step(self.model)

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        rate = (step - self._first) * self.images_per_step / (time.perf_counter() - self._started)
        for name, value in logs.items():
            tf.summary.scalar(name, value, description=self.model.describe_log(name))
        for player, optimizer in self.model.players.items():
            rate_of_player = float(optimizer.learning_rate)
            tf.summary.scalar(f"learning_rate/{player}", rate_of_player, description=f"Adam's, of the {player}.")
        tf.summary.scalar("speed/images_per_second", rate, description="Real images in the updates of a second.")
        self._is_written = True
        self._restart_clock()
