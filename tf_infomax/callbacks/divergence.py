"""Termination of diverged training."""

import math

from tf_infomax.callbacks.step_callback import StepCallback
from tf_infomax.errors import Diverged


class StopAtDivergence(StepCallback):
    """Raises `Diverged` after the first step with a loss or another logged number that is not finite."""

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        for name, value in logs.items():
            if not math.isfinite(value):
                raise Diverged(f"training diverged: {name} is {value:g} at step {step}")
