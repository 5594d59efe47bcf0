"""A progress bar for the whole run."""

from typing import Any

from tf_infomax.callbacks.step_callback import StepCallback
from tf_infomax.models.players import current_step
from tf_infomax.progress import progress_bar

_SHOWN = {
    "D": "discriminator/adversarial",
    "G": "generator/adversarial",
    "accuracy": "infomax/accuracy",
    "loss": "encoder/total",
}


class ProgressBar(StepCallback):
    """Shows training steps done and left, speed, and a few running means.

    Args:
        num_steps: Training steps of the run.
    """

    def __init__(self, num_steps: int) -> None:
        super().__init__()
        self.num_steps = num_steps
        self._bar: Any = None

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._bar = progress_bar(self.num_steps, initial=current_step(self.model), unit="step")
        self._bar.set_postfix_str("compiling the training step")

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        values = {label: f"{logs[name]:.3f}" for label, name in _SHOWN.items() if name in logs}
        self._bar.set_postfix(values, refresh=False)
        self._bar.update(step - self._bar.n)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the bar, after an error too."""
        if self._bar is not None:
            self._bar.close()
