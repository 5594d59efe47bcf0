"""Training of a preset in a run directory, from the start or after an interruption."""

import contextlib
import dataclasses
import functools
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import data, distribution
from tf_infomax.models import PlayersModel
from tf_infomax.presets import Preset
from tf_infomax.runs.checks import check_options
from tf_infomax.runs.config import run_config, training_source
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.execution import execute
from tf_infomax.runs.extension import extended
from tf_infomax.runs.identity import START
from tf_infomax.runs.log_file import LOGGER, logged_to, noted
from tf_infomax.runs.options import RunOptions
from tf_infomax.runs.own_callbacks import collect_callbacks
from tf_infomax.runs.start import started
from tf_infomax.runs.task import Task
from tf_infomax.runs.tasks import task_of


def train(
    preset: Preset,
    run_dir: Path | str,
    *,
    name: str = "custom",
    options: RunOptions | None = None,
    own_callbacks: Sequence[keras.callbacks.Callback] = (),
) -> PlayersModel:
    """Trains a preset to its last step and writes the run directory.

    If the directory holds an interrupted run of the same settings, it is continued; on a CPU the result equals that
    of an uninterrupted run bit for bit. An option, `extend_to`, goes on to more steps than the preset's.

    Args:
        preset: Preset to train.
        run_dir: Directory of the run.
        name: Name of the preset for `config.json`.
        options: Options of the run; `GANRunOptions` for a GAN.
        own_callbacks: Called after the library's, on the chief; what one raises after a step is raised here.

    Returns:
        The finished model, which is also in the run directory.

    Raises:
        InputError: Preset or options are invalid, or another process trains in the directory; nothing is written then.
        NotWritten: The disk is full, read-only or damaged; what was written stays, and calling this again continues.
        Interrupted: SIGINT or SIGTERM arrived; the state is saved, and calling this again continues.
        Diverged: A logged number is no longer finite.
    """
    task, run = task_of(preset.model.builds), RunDirectory(run_dir)
    options = options or task.default_options()
    tf.config.experimental.enable_op_determinism()
    strategy = distribution.make_strategy(options.strategy, replicas=options.replicas)
    preset = _checked(task, _extended(preset, run, options, strategy), options, strategy)
    own = _own(preset, run, options, strategy, own_callbacks)
    model, start = _built(task, preset, options, strategy)
    leads = distribution.is_chief(strategy)
    with contextlib.ExitStack() as stack:
        with distribution.together(strategy):
            with noted() as earlier:
                source, part = _checked_source(task, model, preset, options)
                watchers = _watchers(task, run, preset, source, options, strategy) if leads else []
            if leads:
                config = run_config(name, preset, source, options, model_file=task.model_file, start=start)
                stack.enter_context(_opened(run, config, earlier, overwrite=options.overwrite))
        trained = execute(
            model,
            run,
            num_steps=preset.steps,
            batches=functools.partial(_batches, preset, part, to_float=options.strategy != "tpu"),
            watchers=watchers,
            strategy=strategy,
            checkpoint_seconds=options.checkpoint_seconds,
            own_callbacks=own,
        )
        with distribution.together(strategy):  # The others wait: a worker that ends is a failure to the rest.
            if leads:
                _finish(task, run, model, preset, source, trained=trained)
    return model


def _finish(
    task: Task[Any, Any],
    run: RunDirectory,
    model: PlayersModel,
    preset: Preset,
    source: data.ImageSource,
    *,
    trained: bool,
) -> None:
    """Saves a model, unless an earlier call has done so, and writes what else a task leaves."""
    if trained or not run.has_model_of(preset.steps):
        run.save_model(model)
    task.finish(run, model, preset, source)


def _checked(task: Task[Any, Any], preset: Preset, options: RunOptions, strategy: tf.distribute.Strategy) -> Preset:
    check_options(preset, options, strategy.num_replicas_in_sync)
    task.check(preset, options)
    return preset


def _checked_source(
    task: Task[Any, Any], model: PlayersModel, preset: Preset, options: RunOptions
) -> tuple[data.ImageSource, data.ImageSource]:
    """Returns the data of a preset, and the part of them that training reads."""
    source = training_source(preset, options)
    task.check_source(model, preset, source)
    part = preset.data.training_part(source)
    data.check_batch_size(part, preset.images_per_step)
    return source, part


def _extended(preset: Preset, run: RunDirectory, options: RunOptions, strategy: tf.distribute.Strategy) -> Preset:
    """Returns a preset with the extensions of a run, which the chief knows of."""
    extensions: tuple[int, ...] = ()
    with distribution.together(strategy):
        if distribution.is_chief(strategy):
            extensions = extended(preset, run, options).extensions
    return dataclasses.replace(preset, extensions=tuple(distribution.broadcast_json(strategy, extensions)))


def _own(
    preset: Preset,
    run: RunDirectory,
    options: RunOptions,
    strategy: tf.distribute.Strategy,
    given: Sequence[keras.callbacks.Callback],
) -> Sequence[keras.callbacks.Callback]:
    """Returns the user's callbacks, on the chief."""
    with distribution.together(strategy):
        return collect_callbacks(options.callbacks, run, preset, given=given) if distribution.is_chief(strategy) else []


def _built(
    task: Task[Any, Any], preset: Preset, options: RunOptions, strategy: tf.distribute.Strategy
) -> tuple[PlayersModel, dict[str, str] | None]:
    """Returns a model, and where its weights come from if they are a saved model's."""
    with strategy.scope():
        model: PlayersModel = task.build(preset, options)
        model.skip_non_finite = options.on_nan == "skip"
        return model, started(model, options.from_preset)


@contextlib.contextmanager
def _opened(
    run: RunDirectory, config: dict[str, Any], earlier: Iterable[logging.LogRecord], *, overwrite: bool
) -> Iterator[None]:
    """Keeps a run directory locked, and its log open, while the run is trained."""
    run.check_free()
    with run.locked():
        run.open(config, overwrite=overwrite)
        with logged_to(run.log_path, earlier=earlier):
            LOGGER.info("%s, settings and versions in %s", config["preset"], run.config_path.name)
            if start := config.get(START):
                LOGGER.info("weights of %s: %s", start["from_preset"], start["variables"])
            yield


def _watchers(
    task: Task[Any, Any],
    run: RunDirectory,
    preset: Preset,
    source: data.ImageSource,
    options: RunOptions,
    strategy: tf.distribute.Strategy,
) -> Sequence[keras.callbacks.Callback]:
    """Returns a task's callbacks, with the networks behind metrics on all devices; on the chief's alone for workers."""
    alone = distribution.num_workers(strategy) > 1
    with contextlib.nullcontext() if alone else strategy.scope():
        return task.watchers(run, preset, source, options)


def _batches(preset: Preset, source: data.ImageSource, start_step: int, *, to_float: bool) -> tf.data.Dataset:
    return data.training_dataset(
        source,
        batch_size=preset.images_per_step,
        num_steps=preset.steps,
        seed=preset.seed,
        start_step=start_step,
        to_float=to_float,
        row_numbers=preset.data.gives_rows,
        **preset.data.random_changes,
    )
