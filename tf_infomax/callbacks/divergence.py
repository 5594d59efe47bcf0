"""Termination of diverged training."""

import logging
import math

import tensorflow as tf

from tf_infomax.callbacks.step_callback import StepCallback
from tf_infomax.errors import Diverged
from tf_infomax.models.players import SKIPPED, PlayersModel, all_variables, current_step

_logger = logging.getLogger(__name__)

MAX_SKIPPED = 100
"""Steps in a row that are left out before training counts as diverged."""


class StopAtDivergence(StepCallback):
    """Raises `Diverged` after the first step with a loss or another logged number that is not finite."""

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        for name, value in sorted(logs.items(), key=_is_total):  # The term that broke, rather than the sum.
            if not math.isfinite(value):
                raise Diverged(f"training diverged: {name} is {value:g} at step {step}")


class SkippedSteps(StepCallback):
    """Tells of steps that a model with `skip_non_finite` has left out, and raises `Diverged` after 100 in a row."""

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._in_a_row = 0
        self._before = self._now = float(self.model.num_skipped)

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        number = logs.get(SKIPPED, self._now)  # A model that skips none logs none.
        skipped, self._now = int(number - self._now), number  # Several steps may end together.
        self._in_a_row = self._in_a_row + skipped if skipped else 0
        if skipped:
            _logger.info("left out step %d: its numbers are not finite", step)
        if self._in_a_row >= MAX_SKIPPED:
            raise Diverged(f"training diverged: the numbers of {MAX_SKIPPED} steps in a row are not finite")

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        number = int(self._now - self._before)
        if number:
            _logger.warning("warning: %d steps whose numbers were not finite are left out", number)


def _is_total(item: tuple[str, float]) -> bool:
    return item[0].endswith("/total")


def check_state(model: PlayersModel) -> None:
    """Raises `Diverged` if a variable of a model or of its optimizers is not finite: such a state is of no use."""
    for variable in all_variables(model):
        value = tf.convert_to_tensor(variable)
        if value.dtype.is_floating and not tf.reduce_all(tf.math.is_finite(value)):
            raise Diverged(f"training diverged: {variable.path} is not finite after step {current_step(model)}")
