"""What Keras users reach for and a model of several players has no meaning for: one sentence on what to do instead."""

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import keras

from tf_infomax.errors import InputError

_MEASURE = "measure samples with the callback `SampleMetrics`, or a run with `tf-infomax evaluate` or `probe`"
_SCHEDULE = "give each player's optimizer a schedule, such as `LinearDecay`"

INSTEAD_IN_FIT: Mapping[str, str] = {
    "sample_weight": "repeat images that are to count more",
    "class_weight": "repeat images of classes that are to count more",
    "validation_data": _MEASURE,
    "validation_split": _MEASURE,
}
"""Arguments of `fit` that would be ignored or fail, and what to do instead."""

INSTEAD_IN_COMPILE: Mapping[str, str] = {
    "optimizer": "give each player its own: {optimizers}",
    "loss": "add losses as `objectives`, and choose a GAN's game by `adversarial_loss`",
    "loss_weights": "give the objectives their weights",
    "metrics": f"return them from an objective, or {_MEASURE}",
    "weighted_metrics": f"return them from an objective, or {_MEASURE}",
}
"""Arguments of `compile` likewise."""

INSTEAD_OF_CALLBACKS: Mapping[type[keras.callbacks.Callback], str] = {
    keras.callbacks.LearningRateScheduler: _SCHEDULE,
    keras.callbacks.ReduceLROnPlateau: _SCHEDULE,
    keras.callbacks.BackupAndRestore: "resume with the callback `TrainingState`, which keeps all of them",
    keras.callbacks.TerminateOnNaN: "stop with the callback `StopAtDivergence`, or undo steps by `skip_non_finite`",
}
"""Callbacks that act on a single optimizer or a single loss."""


def check_fit(arguments: Mapping[str, Any]) -> None:
    """Raises an InputError if `fit` gets something that a model of several players cannot use.

    Args:
        arguments: Arguments of `fit` by name.
    """
    for name, instead in INSTEAD_IN_FIT.items():
        value = arguments.get(name)
        if value is not None and not (isinstance(value, int | float) and value == 0):
            raise InputError(f"`fit` has no use for `{name}`; {instead}.")
    check_callbacks(_as_list(arguments.get("callbacks")))


def check_callbacks(callbacks: Iterable[Any]) -> None:
    """Raises an InputError if a callback is for a model with a single optimizer or a single loss."""
    for callback in callbacks:
        for kind, instead in INSTEAD_OF_CALLBACKS.items():
            if isinstance(callback, kind):
                raise InputError(f"`{kind.__name__}` works on a model with one loss and one optimizer; {instead}.")


def fit_arguments(*arguments: object, **named: object) -> dict[str, Any]:
    """Returns the arguments of a call of `fit`, without the model, by name."""
    return dict(inspect.signature(keras.Model.fit).bind(None, *arguments, **named).arguments)


def _as_list(callbacks: Any) -> list[Any]:
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return callbacks.callbacks
    return keras.tree.flatten(callbacks)


def check_compile(arguments: Mapping[str, Any], optimizers: Mapping[str, Any]) -> None:
    """Raises an InputError if `compile` gets what is for a model with one optimizer, or one optimizer for two players.

    Args:
        arguments: Arguments of `keras.Model.compile` by name.
        optimizers: Optimizers by player.
    """
    names = " and ".join(f"`{player}_optimizer`" for player in optimizers)
    for name, instead in INSTEAD_IN_COMPILE.items():
        if arguments.get(name) is not None:
            raise InputError(f"`compile` has no use for `{name}`; {instead.format(optimizers=names)}.")
    if len({id(optimizer) for optimizer in optimizers.values()}) < len(optimizers):
        raise InputError(f"Each player needs an optimizer of its own, as it keeps its variables: {names} must differ.")


def check_precision(layers: Iterable[keras.layers.Layer]) -> None:
    """Raises an InputError if a network or an objective computes in float16, whose gradients need scaled losses."""
    for layer in layers:
        if layer.compute_dtype == "float16":
            raise InputError(f"{layer.name} must not train in float16; mixed_bfloat16 needs no scaled losses.")


def check_file(path: Any) -> None:
    """Raises an InputError if a model is to be saved as HDF5."""
    if str(path).endswith((".h5", ".hdf5")):
        stem = Path(str(path)).stem
        raise InputError(
            f"A model is saved as `{stem}.keras`, its weights alone by `save_weights('{stem}.weights.h5')`."
        )


def no_evaluation() -> InputError:
    """Returns the error of `evaluate`."""
    return InputError(f"There is no loss to evaluate in a game, nor of an encoder's objectives; {_MEASURE}.")
