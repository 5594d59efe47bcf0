"""Training a preset in a run directory, from the start or from where it was interrupted."""

from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from tf_infomax import callbacks, data, distribution
from tf_infomax.errors import InputError
from tf_infomax.runs.execution import ExecutionOptions, check_execution, execute, run_config
from tf_infomax.images import write_png
from tf_infomax.metrics import default_features, suite_for
from tf_infomax.models.gan import GAN
from tf_infomax.presets import GANPreset, build_gan
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.types import Array

WATCHED_IMAGES = 2000
WATCHED_POINTS = 1000


@dataclass(frozen=True)
class RunOptions(ExecutionOptions):
    """How a run is carried out: where, from which files, and what is written beside the model."""

    log_norms: bool = False
    """Write the gradients' norms and all spectral norms to TensorBoard, too."""
    sample_every: int = 500
    """Generator steps between two sample grids."""
    metrics_every: int = 500
    """Generator steps between two measurements of FID and modes, or of points against their mixture; 0 for none."""
    features: str | None = None
    """Features of those measurements: digits, inception, or the folder of an Inception SavedModel.
    Digits datasets need no choice; others are not measured without one."""
    batch_statistics: bool = False
    """Measure samples that are normalised as in training, by their batch, instead of by running averages."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sample_every < 1:
            raise InputError(f"`sample_every` must be at least 1. Received: {self.sample_every}")
        if self.metrics_every < 0:
            raise InputError(f"`metrics_every` must not be negative. Received: {self.metrics_every}")


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
        Diverged: A loss or another number that is logged is no longer finite.
    """
    options = options or RunOptions()
    run = RunDirectory(run_dir)
    tf.config.experimental.enable_op_determinism()
    strategy = distribution.make_strategy(options.strategy, replicas=options.replicas)
    _check_options(preset, options, strategy.num_replicas_in_sync)
    source = data.load_source(
        preset.dataset,
        split=preset.split,
        image_size=preset.image_size,
        num_channels=preset.num_channels,
        data_dir=options.data_dir,
        cache_dir=options.cache_dir,
        skip_unreadable=options.skip_unreadable,
    )
    _check_classes(preset, source)
    _dataset(preset, source)
    with strategy.scope():
        gan = build_gan(preset, log_gradient_norms=options.log_norms)
    watchers = _watchers(run, preset, source, options)
    run.open(run_config(name, preset, source, options), overwrite=options.overwrite)
    trained = execute(
        gan,
        run,
        num_steps=preset.steps,
        batches=lambda step: _dataset(preset, source, start_step=step),
        watchers=watchers,
        strategy=strategy,
        checkpoint_seconds=options.checkpoint_seconds,
    )
    if trained or not run.gan_path.exists():
        run.save_gan(gan)
    final = run.samples / callbacks.FINAL_GRID
    if not final.exists():  # A signal stopped training just when it was complete.
        write_png(final, sample_grid(gan, seed=preset.seed, real_points=_watched_points(source)))
    return gan


def _check_options(preset: GANPreset, options: RunOptions, num_replicas: int) -> None:
    check_execution(preset, options, num_replicas)
    if options.features is not None and preset.image_size is None:
        raise InputError(f"`features` are of images; {preset.dataset} has points. Received: {options.features}")
    if options.batch_statistics and not _is_measured(preset, options):
        raise InputError(
            "`batch_statistics` is for measurements during training, and there are none: `metrics_every` is "
            f"{options.metrics_every} and `features` {_watched_features(preset, options) or 'none'}."
        )


def _dataset(preset: GANPreset, source: data.ImageSource, *, start_step: int = 0) -> tf.data.Dataset:
    """Returns the batches of the steps from `start_step` on; raises an InputError if the source has too few images."""
    return data.training_dataset(
        source,
        batch_size=preset.batch_size * preset.discriminator_steps,
        num_steps=preset.steps,
        seed=preset.seed,
        start_step=start_step,
    )


def _watchers(
    run: RunDirectory, preset: GANPreset, source: data.ImageSource, options: RunOptions
) -> list[keras.callbacks.Callback]:
    images_per_step = preset.batch_size * preset.discriminator_steps
    points = _watched_points(source)
    watchers = [
        *_measurements(run, preset, source, options, points),
        callbacks.SampleGrid(run.samples, run.logs, every=options.sample_every, seed=preset.seed, real_points=points),
        callbacks.StepScalars(run.logs, images_per_step=images_per_step, every=options.log_every),
        callbacks.ProgressBar(preset.steps),
    ]
    if options.log_norms:
        watchers.append(callbacks.SpectralNorms(run.logs, every=options.log_every))
    return watchers


def _measurements(
    run: RunDirectory, preset: GANPreset, source: data.ImageSource, options: RunOptions, points: Array | None
) -> list[keras.callbacks.Callback]:
    """What measures samples during training: nothing, or one callback."""
    if not _is_measured(preset, options):
        return []
    real = source.sample_real(min(WATCHED_IMAGES, source.num_images), preset.seed) if points is None else points
    return [
        callbacks.SampleMetrics(
            run.logs,
            suite=suite_for(source, options.features),
            real=real,
            every=options.metrics_every,
            batch_statistics=preset.batch_size if options.batch_statistics else None,
        )
    ]


def _is_measured(preset: GANPreset, options: RunOptions) -> bool:
    return options.metrics_every > 0 and _watched_features(preset, options) is not None


def _watched_features(preset: GANPreset, options: RunOptions) -> str | None:
    return options.features or default_features(preset.dataset)


def _watched_points(source: data.ImageSource) -> Array | None:
    """Returns points of the data for pictures and metrics; None for images."""
    return source.sample_real(WATCHED_POINTS, 0) if len(source.image_shape) == 1 else None


def _check_classes(preset: GANPreset, source: data.ImageSource) -> None:
    if preset.num_classes is None or preset.num_classes == source.num_classes:
        return
    where = f"{source.name} (split {source.split})"
    if source.num_classes is None:
        raise InputError(f"A conditional GAN needs labels, and {where} has none; choose a preset without classes.")
    raise InputError(f"`num_classes` must be {source.num_classes} for {where}. Received: {preset.num_classes}")
