"""Termination of diverged training."""

import math

import tensorflow as tf

from tf_infomax.callbacks.step_callback import StepCallback
from tf_infomax.errors import Diverged
from tf_infomax.models.players import PlayersModel, all_variables, current_step


class StopAtDivergence(StepCallback):
    """Raises `Diverged` after the first step with a loss or another logged number that is not finite."""

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        for name, value in sorted(logs.items(), key=_is_total):  # The term that broke, rather than the sum.
            if not math.isfinite(value):
                raise Diverged(f"training diverged: {name} is {value:g} at step {step}")


def _is_total(item: tuple[str, float]) -> bool:
    return item[0].endswith("/total")


def check_state(model: PlayersModel) -> None:
    """Raises `Diverged` if a variable of a model or of its optimizers is not finite: such a state is of no use."""
    for variable in all_variables(model):
        value = tf.convert_to_tensor(variable)
        if value.dtype.is_floating and not tf.reduce_all(tf.math.is_finite(value)):
            raise Diverged(f"training diverged: {variable.path} is not finite after step {current_step(model)}")
