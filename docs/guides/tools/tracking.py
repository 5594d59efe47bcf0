"""Callbacks that report runs to MLflow, Weights & Biases and TensorBoard's hyper-parameters."""

import keras
import tensorflow as tf
from tensorboard.plugins.hparams import api
from tf_infomax.callbacks import StepCallback
from tf_infomax.presets import Preset
from tf_infomax.runs.directory import RunDirectory


class MLflow(StepCallback):
    """Reports settings, losses and samples to MLflow; a resumed run goes on in the same place."""

    def __init__(self, run: RunDirectory, preset: Preset, *, every: int = 50) -> None:
        super().__init__()
        self.run, self.preset, self.every = run, preset, every

    def on_train_begin(self, logs=None) -> None:
        import mlflow

        place = self.run.path / "mlflow_run"
        if place.exists():
            mlflow.start_run(place.read_text())
            return
        place.write_text(mlflow.start_run(run_name=self.run.path.name).info.run_id)
        mlflow.log_params(dict(self.preset.items()))

    def on_step(self, step: int, logs) -> None:
        import mlflow

        if step % self.every == 0 or step == self.preset.steps:
            mlflow.log_metrics(logs, step=step)

    def on_train_end(self, logs=None) -> None:
        import mlflow

        mlflow.log_artifacts(str(self.run.samples), "samples")
        mlflow.end_run()


def mlflow(run: RunDirectory, preset: Preset) -> keras.callbacks.Callback:
    return MLflow(run, preset)


class WeightsAndBiases(StepCallback):
    """Reports settings and losses to Weights & Biases; a resumed run goes on in the same place."""

    def __init__(self, run: RunDirectory, preset: Preset, *, every: int = 50) -> None:
        super().__init__()
        self.run, self.preset, self.every = run, preset, every

    def on_train_begin(self, logs=None) -> None:
        import wandb

        name = self.run.path.name
        wandb.init(project="tf-infomax", id=name, resume="allow", config=dict(self.preset.items()))

    def on_step(self, step: int, logs) -> None:
        import wandb

        if step % self.every == 0:
            wandb.log(dict(logs), step=step)

    def on_train_end(self, logs=None) -> None:
        import wandb

        wandb.finish()


def wandb(run: RunDirectory, preset: Preset) -> keras.callbacks.Callback:
    return WeightsAndBiases(run, preset)


class HyperParameters(keras.callbacks.Callback):
    """Writes the settings of a run for TensorBoard's tab HPARAMS."""

    def __init__(self, run: RunDirectory, preset: Preset) -> None:
        super().__init__()
        self.run, self.preset = run, preset

    def on_train_begin(self, logs=None) -> None:
        plain = {name: value for name, value in self.preset.items() if isinstance(value, bool | int | float | str)}
        with tf.summary.create_file_writer(str(self.run.logs)).as_default():
            api.hparams(plain, trial_id=self.run.path.name)


def hparams(run: RunDirectory, preset: Preset) -> keras.callbacks.Callback:
    return HyperParameters(run, preset)
