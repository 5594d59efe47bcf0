"""Training a preset in a run directory, from the start or from where it was interrupted."""

import signal
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from tf_infomax import callbacks, data, distribution
from tf_infomax.distribution import StrategyName
from tf_infomax.errors import InputError
from tf_infomax.metrics import feature_extractor
from tf_infomax.models.gan import GAN
from tf_infomax.presets import GANPreset, build_gan
from tf_infomax.run_directory import RunDirectory, versions

WATCHED_IMAGES = 2000


@dataclass(frozen=True)
class RunOptions:
    """How a run is carried out; nothing here changes what is trained."""

    strategy: StrategyName = "default"
    """Where to train: default, one device; mirrored, all GPUs of this machine, or logical CPU devices."""
    replicas: int | None = None
    """Devices for the mirrored strategy; all if none."""
    data_dir: str | None = None
    """Where TensorFlow Datasets keeps its files; its own default if none."""
    log_every: int = 50
    """Generator steps between two points in TensorBoard."""
    sample_every: int = 500
    """Generator steps between two sample grids."""
    metrics_every: int = 500
    """Generator steps between two measurements of FID and modes; 0 for none."""
    features: str | None = None
    """Features of those measurements: digits, inception, or the folder of an Inception SavedModel.
    Digits datasets need no choice; others are not measured without one."""
    checkpoint_seconds: float = 60.0
    """Longest time between two checkpoints."""
    overwrite: bool = False
    """Delete the run that is in the run directory first."""

    def __post_init__(self) -> None:
        for name in ("log_every", "sample_every"):
            if getattr(self, name) < 1:
                raise InputError(f"`{name}` must be at least 1. Received: {getattr(self, name)}")
        if self.metrics_every < 0:
            raise InputError(f"`metrics_every` must not be negative. Received: {self.metrics_every}")


class Interrupted(Exception):
    """A signal stopped training; its state is saved.

    Attributes:
        signal: The signal.
        step: Generator steps made.
    """

    def __init__(self, number: signal.Signals, step: int) -> None:
        super().__init__(f"stopped by {number.name} after step {step}")
        self.signal = number
        self.step = step


def train(preset: GANPreset, run_dir: Path | str, *, name: str = "custom", options: RunOptions | None = None) -> GAN:
    """Trains a preset to its last step and writes the run directory.

    If the directory holds an interrupted run of the same settings, it is continued; on a CPU the result equals that
    of an uninterrupted run bit for bit.

    Args:
        preset: What to train.
        run_dir: Directory of the run.
        name: Name of the preset for `config.json`.
        options: How to train it.

    Returns:
        The finished GAN, which is also in `gan.keras`.

    Raises:
        InputError: Something in the preset or the options cannot be; nothing is written then.
        Interrupted: SIGINT or SIGTERM arrived; the state is saved, and calling this again continues.
    """
    options = options or RunOptions()
    run = RunDirectory(run_dir)
    tf.config.experimental.enable_op_determinism()
    strategy = distribution.make_strategy(options.strategy, replicas=options.replicas)
    if preset.batch_size % strategy.num_replicas_in_sync:
        raise InputError(
            f"`batch_size` must be a multiple of the {strategy.num_replicas_in_sync} replicas. "
            f"Received: {preset.batch_size}"
        )
    source = data.load_source(
        preset.dataset, split=preset.split, image_size=preset.image_size, data_dir=options.data_dir
    )
    _check_channels(preset, source)
    with strategy.scope():
        gan = build_gan(preset)
    watchers = _watchers(run, preset, source, options)
    run.open(_config(name, preset, source), overwrite=options.overwrite)
    state = callbacks.TrainingState(run.checkpoints, every_seconds=options.checkpoint_seconds)
    with strategy.scope():
        step = state.restore(gan)
    if step < preset.steps:
        _fit(gan, preset, source, step, [state, *watchers])
    if state.interrupted_by is not None and callbacks.current_step(gan) < preset.steps:
        raise Interrupted(state.interrupted_by, callbacks.current_step(gan))
    if step < preset.steps or not run.model_path.exists():
        run.save_gan(gan)
    return gan


def _fit(
    gan: GAN, preset: GANPreset, source: data.ImageSource, step: int, watchers: list[keras.callbacks.Callback]
) -> None:
    dataset = data.training_dataset(
        source,
        batch_size=preset.batch_size * preset.discriminator_steps,
        num_steps=preset.steps,
        seed=preset.seed,
        start_step=step,
    )
    gan.fit(dataset, steps_per_epoch=preset.steps - step, shuffle=False, verbose=0, callbacks=watchers)


def _watchers(
    run: RunDirectory, preset: GANPreset, source: data.ImageSource, options: RunOptions
) -> list[keras.callbacks.Callback]:
    images_per_step = preset.batch_size * preset.discriminator_steps
    watchers = [
        callbacks.SampleGrid(run.samples, run.logs, every=options.sample_every, seed=preset.seed),
        callbacks.StepScalars(run.logs, images_per_step=images_per_step, every=options.log_every),
        callbacks.ProgressBar(preset.steps),
    ]
    features = options.features or default_features(preset.dataset)
    if options.metrics_every and features:
        real_images = source.sample_real(min(WATCHED_IMAGES, source.num_images), preset.seed)
        extractor = feature_extractor(features)
        watchers.insert(
            0,
            callbacks.GenerativeMetrics(
                run.logs, extractor=extractor, real_images=real_images, every=options.metrics_every
            ),
        )
    return watchers


def default_features(dataset: str) -> str | None:
    """Returns the features that a dataset is measured with unless a choice is made, None if one must be made."""
    return "digits" if dataset in ("digits", "stacked-digits") else None


def _check_channels(preset: GANPreset, source: data.ImageSource) -> None:
    if source.image_shape[-1] != preset.num_channels:
        raise InputError(
            f"`num_channels` must be {source.image_shape[-1]} for {preset.dataset}. Received: {preset.num_channels}"
        )


def _config(name: str, preset: GANPreset, source: data.ImageSource) -> dict:
    return {
        "preset": name,
        "settings": preset.settings,
        "seeds": {"run": preset.seed},
        "versions": versions(),
        "dataset": {"name": source.name, "split": source.split, "size": source.num_images},
    }
