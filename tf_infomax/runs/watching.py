"""Measurements during the training of a GAN."""

import logging
from typing import Any

from tf_infomax.callbacks import BestModel, SampleMetrics
from tf_infomax.data import ImageSource
from tf_infomax.errors import InputError, check_choice
from tf_infomax.images import are_images
from tf_infomax.metrics import IMAGE_METRICS, POINT_METRICS, Suite, default_features
from tf_infomax.metrics.metric import choose
from tf_infomax.presets import Preset
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.features import suite_of
from tf_infomax.runs.options import GANRunOptions
from tf_infomax.types import Array

WATCHED_IMAGES = 2000
WATCHED_POINTS = 1000

_OF_MEASUREMENTS = ("metrics", "keep_best", "num_watched", "batch_statistics")
"""Options that only measurements read."""

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)


def check_watching(preset: Preset, options: GANRunOptions) -> None:
    """Raises an InputError if an option needs measurements and there are none, or a metric has an unknown name."""
    given = [name for name in _OF_MEASUREMENTS if getattr(options, name)]
    if given and not _is_measured(preset, options):
        raise InputError(
            f"`{given[0]}` is for measurements during training, and there are none: `metrics_every` is "
            f"{options.metrics_every} and `features` {_features(preset, options) or 'none'}."
        )
    known: Any = POINT_METRICS if preset.data.image_size is None else IMAGE_METRICS
    choose(known, options.metrics or ())
    if options.keep_best is not None:
        check_choice("keep_best", options.keep_best, known)


def measurements(run: RunDirectory, preset: Preset, source: ImageSource, options: GANRunOptions) -> list[SampleMetrics]:
    """Returns the callbacks that measure samples during training: none or one.

    Raises:
        InputError: The data, the features and the metrics do not fit together, or there are too few samples.
    """
    if not _is_measured(preset, options):
        _say_why_not(preset, options)
        return []
    suite = suite_of(source, options)
    return [
        SampleMetrics(
            run.logs,
            suite=suite,
            real=_watched_samples(source, preset, options),
            every=options.metrics_every,
            batch_statistics=preset.batch_size if options.batch_statistics else None,
            metrics=_chosen_metrics(suite, options),
            history_path=run.watched_path,
            best=_best_model(run, suite, options),
        )
    ]


def _is_measured(preset: Preset, options: GANRunOptions) -> bool:
    return options.metrics_every > 0 and _features(preset, options) is not None


def _features(preset: Preset, options: GANRunOptions) -> str | None:
    return options.features or default_features(preset.data.dataset)


def _say_why_not(preset: Preset, options: GANRunOptions) -> None:
    if options.metrics_every:  # Otherwise it was chosen.
        _logger.warning(
            "nothing is measured during training: %s has no default features; name some with --features",
            preset.data.dataset,
        )


def _watched_samples(source: ImageSource, preset: Preset, options: GANRunOptions) -> Array:
    images = are_images(source.image_shape)
    number = options.num_watched or min(WATCHED_IMAGES if images else WATCHED_POINTS, source.num_images)
    if number > source.num_images:
        raise InputError(
            f"`num_watched` must be at most {source.num_images}, the samples that {source.name} has in split "
            f"{source.split}. Received: {number}"
        )
    return source.sample_real(number, preset.seed if images else 0)


def _chosen_metrics(suite: Suite[Any, Any], options: GANRunOptions) -> list[str] | None:
    """Returns the metrics to measure, with the one that decides on the best model; None for the watched ones."""
    if options.keep_best is None:
        return None if options.metrics is None else list(options.metrics)
    watched = [name for name, row in suite.watched.metrics.items() if suite.applies(row)]
    return [*(watched if options.metrics is None else options.metrics), options.keep_best]


def _best_model(run: RunDirectory, suite: Suite[Any, Any], options: GANRunOptions) -> BestModel | None:
    if options.keep_best is None:
        return None
    better = suite.metrics[options.keep_best].better
    return BestModel(run.best_model_path, run.best_record_path, metric=options.keep_best, better=better)
