"""Progress bars: of any work, and of the training of a whole run."""

import sys

import tqdm

from tf_infomax.callbacks.step_callback import StepCallback
from tf_infomax.models.players import current_step

_SHOWN = {
    "D": "discriminator/adversarial",
    "G": "generator/adversarial",
    "accuracy": "infomax/accuracy",
    "loss": "encoder/total",
}


def progress_bar(total: int, *, unit: str, initial: int = 0) -> tqdm.tqdm:
    """Opens a bar with the time left on standard error, which is written rarely where that is no terminal."""
    return tqdm.tqdm(
        total=total,
        initial=initial,
        unit=unit,
        dynamic_ncols=True,
        mininterval=0.2 if sys.stderr.isatty() else 10.0,
    )


class ProgressBar(StepCallback):
    """Shows training steps done and left, speed, and a few running means.

    Args:
        num_steps: Training steps of the run.
    """

    def __init__(self, num_steps: int) -> None:
        super().__init__()
        self.num_steps = num_steps

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._bar = progress_bar(self.num_steps, initial=current_step(self.model), unit="step")

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        values = {label: f"{logs[name]:.3f}" for label, name in _SHOWN.items() if name in logs}
        self._bar.set_postfix(values, refresh=False)
        self._bar.update()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self._bar.close()
