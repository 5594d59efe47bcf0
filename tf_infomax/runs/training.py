"""Training of a preset in a run directory, from the start or after an interruption."""

import functools
from pathlib import Path

import tensorflow as tf

from tf_infomax import data, distribution
from tf_infomax.models import PlayersModel
from tf_infomax.presets import Preset
from tf_infomax.runs.checks import check_options
from tf_infomax.runs.config import run_config, training_source
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.execution import execute
from tf_infomax.runs.extension import extended
from tf_infomax.runs.options import RunOptions
from tf_infomax.runs.tasks import task_of


def train(
    preset: Preset, run_dir: Path | str, *, name: str = "custom", options: RunOptions | None = None
) -> PlayersModel:
    """Trains a preset to its last step and writes the run directory.

    If the directory holds an interrupted run of the same settings, it is continued; on a CPU the result equals that
    of an uninterrupted run bit for bit. An option, `extend_to`, goes on to more steps than the preset's.

    Args:
        preset: Preset to train.
        run_dir: Directory of the run.
        name: Name of the preset for `config.json`.
        options: Options of the run; `GANRunOptions` for a GAN.

    Returns:
        The finished model, which is also in the run directory.

    Raises:
        InputError: The preset or the options are invalid, or another process trains in the directory; nothing is
            written then.
        NotWritten: The disk is full, read-only or damaged; what was written before stays, and calling this again
            continues.
        Interrupted: SIGINT or SIGTERM arrived; the state is saved, and calling this again continues.
        Diverged: A logged number is no longer finite.
    """
    task = task_of(preset.model.builds)
    options = options or task.default_options()
    run = RunDirectory(run_dir)
    preset = extended(preset, run, options)
    tf.config.experimental.enable_op_determinism()
    strategy = distribution.make_strategy(options.strategy, replicas=options.replicas)
    check_options(preset, options, strategy.num_replicas_in_sync)
    task.check(preset, options)
    with strategy.scope():
        model = task.build(preset, options)
    source = training_source(preset, options)
    task.check_source(model, preset, source)
    data.check_batch_size(source, preset.images_per_step)
    with strategy.scope():  # The networks behind metrics run on all devices, too.
        watchers = task.watchers(run, preset, source, options)
    config = run_config(name, preset, source, options, model_file=task.model_file)
    run.check_free()
    with run.locked():
        run.open(config, overwrite=options.overwrite)
        trained = execute(
            model,
            run,
            num_steps=preset.steps,
            batches=functools.partial(_batches, preset, source),
            watchers=watchers,
            strategy=strategy,
            checkpoint_seconds=options.checkpoint_seconds,
        )
        if trained or not run.has_model_of(preset.steps):
            run.save_model(model)
        task.finish(run, model, preset, source)
    return model


def _batches(preset: Preset, source: data.ImageSource, start_step: int) -> tf.data.Dataset:
    return data.training_dataset(
        source,
        batch_size=preset.images_per_step,
        num_steps=preset.steps,
        seed=preset.seed,
        start_step=start_step,
    )
