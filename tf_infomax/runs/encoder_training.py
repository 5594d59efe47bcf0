"""Training an encoder's preset in a run directory, from the start or from where it was interrupted."""

from pathlib import Path

import tensorflow as tf

from tf_infomax import callbacks, data, distribution
from tf_infomax.errors import InputError
from tf_infomax.runs.execution import ExecutionOptions, check_execution, execute, run_config
from tf_infomax.models import DeepInfoMax
from tf_infomax.presets import EncoderPreset, build_deep_infomax
from tf_infomax.runs.directory import RunDirectory


def train_encoder(
    preset: EncoderPreset, run_dir: Path | str, *, name: str = "custom", options: ExecutionOptions | None = None
) -> DeepInfoMax:
    """Trains an encoder to its last step and writes the run directory.

    If the directory holds an interrupted run of the same settings, it is continued; on a CPU the result equals that
    of an uninterrupted run bit for bit.

    Args:
        preset: What to train.
        run_dir: Directory of the run.
        name: Name of the preset for `config.json`.
        options: How to train it.

    Returns:
        The finished model, which is also in `deep_infomax.keras`.

    Raises:
        InputError: Something in the preset or the options cannot be; nothing is written then.
        Interrupted: SIGINT or SIGTERM arrived; the state is saved, and calling this again continues.
        Diverged: A loss or another number that is logged is no longer finite.
    """
    options = options or ExecutionOptions()
    run = RunDirectory(run_dir)
    tf.config.experimental.enable_op_determinism()
    strategy = distribution.make_strategy(options.strategy, replicas=options.replicas)
    check_execution(preset, options, strategy.num_replicas_in_sync)
    source = _source(preset, options)
    _check_classes(preset, source)
    _dataset(preset, source)
    with strategy.scope():
        model = build_deep_infomax(preset)
    watchers = [
        callbacks.StepScalars(run.logs, images_per_step=preset.batch_size, every=options.log_every),
        callbacks.ProgressBar(preset.steps),
    ]
    run.open(run_config(name, preset, source, options), overwrite=options.overwrite)
    trained = execute(
        model,
        run,
        num_steps=preset.steps,
        batches=lambda step: _dataset(preset, source, start_step=step),
        watchers=watchers,
        strategy=strategy,
        checkpoint_seconds=options.checkpoint_seconds,
    )
    if trained or not run.encoder_path.exists():
        run.save_encoder(model)
    return model


def _source(preset: EncoderPreset, options: ExecutionOptions) -> data.ImageSource:
    return data.load_source(
        preset.dataset,
        split=preset.split,
        image_size=preset.loaded_size,
        num_channels=preset.num_channels,
        data_dir=options.data_dir,
        cache_dir=options.cache_dir,
        skip_unreadable=options.skip_unreadable,
    )


def _dataset(preset: EncoderPreset, source: data.ImageSource, *, start_step: int = 0) -> tf.data.Dataset:
    """Returns the batches of the steps from `start_step` on; raises an InputError if the source has too few images."""
    return data.training_dataset(
        source, batch_size=preset.batch_size, num_steps=preset.steps, seed=preset.seed, start_step=start_step
    )


def _check_classes(preset: EncoderPreset, source: data.ImageSource) -> None:
    if "classification" not in preset.objectives or preset.num_classes == source.num_classes:
        return
    where = f"{source.name} (split {source.split})"
    if source.num_classes is None:
        raise InputError(f"The objective classification needs labels, and {where} has none; choose other objectives.")
    raise InputError(f"`num_classes` must be {source.num_classes} for {where}. Received: {preset.num_classes}")
