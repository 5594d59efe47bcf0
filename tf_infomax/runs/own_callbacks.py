"""Callbacks from outside of this package, by the place of the function that makes them, such as `my_tools:tracked`."""

import inspect
from collections.abc import Iterable
from typing import Any

import keras

from tf_infomax.errors import InputError
from tf_infomax.models.keras_habits import check_callbacks
from tf_infomax.presets import Preset
from tf_infomax.presets.places import object_at
from tf_infomax.runs.directory import RunDirectory


def collect_callbacks(
    places: Iterable[str], run: RunDirectory, preset: Preset, *, given: Iterable[keras.callbacks.Callback] = ()
) -> list[keras.callbacks.Callback]:
    """Returns the callbacks that a caller gives and those that functions at some places make.

    Args:
        places: Places of functions as `MODULE:FUNCTION`, each called as `function(run, preset)`; it returns a callback
            or a list of them.
        run: Directory of the run, which may not exist yet.
        preset: Preset of the run.
        given: Callbacks that come first.

    Raises:
        InputError: A function cannot be found or called so, what it returns is no callback, or a callback is for a
            model with one optimizer.
    """
    callbacks = [*given, *(callback for place in places for callback in _made_at(place, run, preset))]
    check_callbacks(callbacks)
    return callbacks


def _made_at(place: str, run: RunDirectory, preset: Preset) -> list[keras.callbacks.Callback]:
    function = _function_at(place)
    try:
        inspect.signature(function).bind(run, preset)
    except (TypeError, ValueError) as error:  # ValueError: a built-in function that does not tell its arguments.
        raise InputError(f"The function {place} must take a run directory and a preset: {error}.") from None
    made = function(run, preset)
    callbacks = list(made) if isinstance(made, list | tuple) else [made]
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise InputError(
                f"The function {place} must return a Keras callback or a list of them. Received: {_received(callback)}"
            )
    return callbacks


def _function_at(place: str) -> Any:
    if not all(place.partition(":")):
        raise InputError(f"`callbacks` must be MODULE:FUNCTION, such as my_tools:tracked. Received: {place}")
    function = object_at(place, what="function")
    if not callable(function):
        raise InputError(f"The function {place} must be there and callable. Received: {type(function).__name__}")
    return function


def _received(value: Any) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
