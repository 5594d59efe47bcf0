"""Real images per second of a preset's input pipeline alone."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import tensorflow as tf

from tf_infomax.benchmark.options import InputOptions
from tf_infomax.data import training_dataset
from tf_infomax.presets import Preset
from tf_infomax.runs.config import training_source
from tf_infomax.runs.options import RunOptions

INPUT_MEASUREMENT = (
    "input pipeline alone: shuffled batches of the preset's dataset, mapped to [-1, 1] and handed to Python one after "
    "the other while nothing trains; images per second of each round after a warm-up of one round; deterministic "
    "operations, as in training"
)

_ENDLESS = 2**40


def time_input_pipeline(preset: Preset, options: InputOptions | None = None) -> dict[str, Any]:
    """Times how fast a preset's images arrive while nothing trains.

    Args:
        preset: Sets the dataset and the number of images that a generator step reads.
        options: Options of timing.

    Returns:
        Ready for JSON: the dataset, `images_per_batch`, `images_per_second` (median and all), `measurement`.

    Raises:
        InputError: The dataset cannot be loaded or has fewer images than a step reads.
    """
    options = options or InputOptions()
    tf.config.experimental.enable_op_determinism()
    source = training_source(preset, RunOptions(data_dir=options.data_dir, cache_dir=options.cache_dir))
    rows = preset.images_per_step
    dataset = training_dataset(
        source, batch_size=rows, num_steps=_ENDLESS, seed=preset.seed, **preset.data.random_changes
    )
    batches = iter(dataset)
    _batches_per_second(batches, options.round_seconds)
    rates = [rows * _batches_per_second(batches, options.round_seconds) for _ in range(options.rounds)]
    return {
        "measurement": INPUT_MEASUREMENT,
        "dataset": {"name": source.name, "split": source.split, "size": source.num_images},
        "image_shape": list(source.image_shape),
        "images_per_batch": rows,
        "round_seconds": options.round_seconds,
        "images_per_second": {"median": statistics.median(rates), "all": rates},
    }


def _batches_per_second(batches: Iterator[Any], seconds: float) -> float:
    """Returns the rate at which batches are read, for at least so many seconds."""
    start, elapsed, count = time.perf_counter(), 0.0, 0
    while elapsed < seconds:
        next(batches)
        count += 1
        elapsed = time.perf_counter() - start
    return count / elapsed
