"""How a run is carried out, whatever it trains: loaded, started or continued, saved, stopped by signals."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax import callbacks, data
from tf_infomax.distribution import StrategyName
from tf_infomax.errors import InputError
from tf_infomax.models import PlayersModel, current_step
from tf_infomax.presets import Preset
from tf_infomax.runs.directory import RunDirectory, versions

FOLDER = "folder"
"""The dataset of a person's own images."""


@dataclass(frozen=True)
class ExecutionOptions:
    """Where a run is carried out, from which files, and how often it is recorded."""

    strategy: StrategyName = "default"
    """Where to train: default, one device; mirrored, all GPUs of this machine, or logical CPU devices."""
    replicas: int | None = None
    """Devices for the mirrored strategy; all if none."""
    data_dir: str | None = None
    """Dataset folder: your images, in sub-folders if they have classes. Other datasets: where TensorFlow Datasets
    keeps its files; its own default if none."""
    cache_dir: str | None = None
    """Where resized copies of datasets too large for memory are kept; tf-infomax in the user's cache if none."""
    skip_unreadable: bool = False
    """Dataset folder: leave out images that cannot be read instead of stopping."""
    log_every: int = 50
    """Training steps between two points in TensorBoard."""
    checkpoint_seconds: float = 60.0
    """Longest time between two checkpoints."""
    overwrite: bool = False
    """Delete the run that is in the run directory first."""

    def __post_init__(self) -> None:
        if self.log_every < 1:
            raise InputError(f"`log_every` must be at least 1. Received: {self.log_every}")


class Interrupted(Exception):
    """A signal stopped training; its state is saved.

    Attributes:
        signal: The signal.
        step: Training steps made.
    """

    def __init__(self, number: signal.Signals, step: int) -> None:
        super().__init__(f"stopped by {number.name} after step {step}")
        self.signal = number
        self.step = step


@contextlib.contextmanager
def exit_when_interrupted(num_steps: int) -> Iterator[None]:
    """Ends a program whose training a signal stopped: says how to go on, and exits with the signal's status."""
    try:
        yield
    except Interrupted as interruption:
        print(
            f"\nStopped by {interruption.signal.name} after step {interruption.step} of {num_steps}; "
            "the state is saved. Run the same command again to continue.",
            file=sys.stderr,
        )
        sys.exit(128 + interruption.signal)


def check_execution(preset: Preset, options: ExecutionOptions, num_replicas: int) -> None:
    """Checks options that depend on the preset.

    Raises:
        InputError: The batch cannot be divided, or an option is of another dataset.
    """
    if preset.batch_size % num_replicas:
        raise InputError(
            f"`batch_size` must be a multiple of the {num_replicas} replicas. Received: {preset.batch_size}"
        )
    if options.skip_unreadable and preset.dataset != FOLDER:
        raise InputError(f"`skip_unreadable` is for the dataset {FOLDER}. Received: {preset.dataset}")


def run_config(name: str, preset: Preset, source: data.ImageSource, options: ExecutionOptions) -> dict[str, Any]:
    """Returns what `config.json` holds about a run."""
    dataset = {"name": source.name, "split": source.split, "size": source.num_images}
    if source.name == FOLDER:
        dataset["folder"] = str(Path(options.data_dir or "").resolve())
        dataset["skip_unreadable"] = options.skip_unreadable
    # Where evaluation finds the same files again.
    places = {"data_dir": options.data_dir, "cache_dir": options.cache_dir}
    return {
        "preset": name,
        "settings": preset.settings,
        "seeds": {"run": preset.seed},
        "versions": versions(),
        "dataset": dataset,
        "places": {name: place and str(Path(place).resolve()) for name, place in places.items()},
    }


def run_source(
    config: dict[str, Any], *, split: str | None = None, data_dir: str | None = None, cache_dir: str | None = None
) -> data.ImageSource:
    """Loads the dataset of a run, from where the run had it unless another place or split is chosen.

    Args:
        config: What `config.json` holds.
        split: That of the run if None.
        data_dir: That of the run if None.
        cache_dir: That of the run if None.

    Raises:
        InputError: The split or the files are not there.
    """
    dataset, settings = config["dataset"], config["settings"]
    chosen = {"split": split, "data_dir": data_dir, "cache_dir": cache_dir}
    found = {"split": dataset["split"], **config.get("places", {})}
    return data.load_source(
        dataset["name"],
        image_size=settings.get("source_size") or settings["image_size"],
        num_channels=settings["num_channels"],
        skip_unreadable=dataset.get("skip_unreadable", False),
        **{**found, **{name: value for name, value in chosen.items() if value is not None}},
    )


def execute(
    model: PlayersModel,
    run: RunDirectory,
    *,
    num_steps: int,
    batches: Callable[[int], tf.data.Dataset],
    watchers: Sequence[keras.callbacks.Callback],
    strategy: tf.distribute.Strategy,
    checkpoint_seconds: float,
) -> bool:
    """Trains a compiled model from its newest checkpoint, or from the start, to the last step.

    Args:
        model: What to train.
        run: An open run directory.
        num_steps: Steps of the whole training.
        batches: Maps the first step to be made to the batches from there on.
        watchers: Callbacks.
        strategy: The one that the model was built under.
        checkpoint_seconds: Longest time between two checkpoints.

    Returns:
        Whether any step was made.

    Raises:
        Interrupted: SIGINT or SIGTERM arrived; the state is saved, and calling this again continues.
        Diverged: Something that is logged is no longer finite; calling this again comes to the same.
    """
    state = callbacks.TrainingState(run.checkpoints, every_seconds=checkpoint_seconds)
    with strategy.scope():
        step = state.restore(model)
    if step < num_steps:
        steps = num_steps - step
        watching = [callbacks.StopAtDivergence(), state, *watchers]
        try:
            model.fit(batches(step), steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=watching)
        finally:
            state.release_signals()
    made = current_step(model)
    if state.interrupted_by is not None and made < num_steps:
        raise Interrupted(state.interrupted_by, made)
    return step < num_steps
