"""Callbacks that count generator steps over the whole run, resumed or not."""

import keras


class StepCallback(keras.callbacks.Callback):
    """Calls `on_step(step)` after each generator step, with the number of steps made since the run began."""

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.on_step(current_step(self.model), logs or {})

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        """Acts after generator step `step`, counted from 1; `logs` are running means."""
        raise NotImplementedError


def current_step(gan: keras.Model) -> int:
    """Returns the generator steps that a GAN has made."""
    return int(gan.generator_optimizer.iterations.numpy())
