"""The choice of a feature extractor by a name or a path."""

import inspect
from collections.abc import Callable, Hashable
from pathlib import Path

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.applications import KerasFeatures
from tf_infomax.metrics.features.digits import DigitFeatures
from tf_infomax.metrics.features.extractor import FeatureExtractor
from tf_infomax.metrics.features.inception import InceptionFeatures
from tf_infomax.metrics.features.own_network import NetworkFeatures

Maker = Callable[..., FeatureExtractor]

FEATURE_EXTRACTORS: dict[str, Maker] = {
    "digits": DigitFeatures,
    "inception": InceptionFeatures,
    "keras": KerasFeatures,
}
"""Extractors by name; you may add rows.

A row is called with what follows the name and a colon, if anything, and with those options of `feature_extractor` that
are given: it has parameters for the ones that it takes.
"""

FLAGS = {
    "name": "--feature-name",
    "resize": "--resize",
    "feature_output": "--feature-output",
    "logit_output": "--logit-output",
}
"""Options of extractors and their flags."""

_loaded: dict[Hashable, FeatureExtractor] = {}


def feature_extractor(
    features: str,
    *,
    name: str | None = None,
    resize: str | None = None,
    feature_output: str | None = None,
    logit_output: str | None = None,
) -> FeatureExtractor:
    """Makes a feature extractor, once per process for these arguments and the strategy in scope.

    Its network runs on the replicas of that strategy. It is loaded again if its files have changed.

    Args:
        features: `digits`; `inception`, or `inception:` with the folder of a local copy or a TensorFlow Hub handle;
            `keras:` with a network of `keras.applications`; or the path of a SavedModel or `.keras` file.
        name: Name of a network of your own in records.
        resize: Row of `RESIZES`.
        feature_output: Output or layer of the activations.
        logit_output: That of the logits, or `"none"`.

    Raises:
        InputError: The name is unknown and not a path, an option does not apply, or the network cannot be loaded.
    """
    make, arguments = _maker(features)
    given = {"name": name, "resize": resize, "feature_output": feature_output, "logit_output": logit_output}
    options = {option: value for option, value in given.items() if value is not None}
    _check_options(features, make, options)
    key = (make, tuple(map(_place, arguments)), tuple(options.items()), tf.distribute.get_strategy())
    if key not in _loaded or not _loaded[key].is_current():
        _loaded[key] = make(*arguments, **options)
    return _loaded[key]


def choices() -> str:
    """Lists what `feature_extractor` takes."""
    return f"{', '.join(map(_usage, FEATURE_EXTRACTORS))}, or the path of a SavedModel or .keras file"


def _place(argument: str) -> str:
    """Returns the whole path of what is there, as another file may have a relative one later; else the argument."""
    return str(Path(argument).resolve()) if Path(argument).exists() else argument


def _maker(features: str) -> tuple[Maker, tuple[str, ...]]:
    """Returns the function that makes an extractor, and its arguments."""
    name, colon, argument = features.partition(":")
    if name in FEATURE_EXTRACTORS:
        arguments = (argument,) if argument else ()
        _check_argument(features, name, arguments)
        return FEATURE_EXTRACTORS[name], arguments
    if Path(features).exists():
        return NetworkFeatures, (features,)
    raise InputError(f"expected features {choices()}. Received: {features!r}")


def _check_argument(features: str, name: str, arguments: tuple[str, ...]) -> None:
    needed = _positional(FEATURE_EXTRACTORS[name])
    if arguments and not needed or not arguments and inspect.Parameter.empty in [row.default for row in needed]:
        raise InputError(f"expected features {_usage(name)}. Received: {features!r}")


def _check_options(features: str, make: Maker, options: dict[str, str]) -> None:
    known = inspect.signature(make).parameters
    for option, value in options.items():
        if option not in known:
            raise InputError(f"`{option}` ({FLAGS[option]}) does not apply to features {features}. Received: {value}")


def _positional(make: Maker) -> list[inspect.Parameter]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [row for row in inspect.signature(make).parameters.values() if row.kind in kinds]


def _usage(name: str) -> str:
    """Returns a row's name as a user passes it: with NAME where it needs more."""
    needed = [row for row in _positional(FEATURE_EXTRACTORS[name]) if row.default is inspect.Parameter.empty]
    return f"{name}:NAME" if needed else name
