"""Starting a model from the weights of another one: other data, other classes, other objectives."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import keras
import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.models.players import PlayersModel
from tf_infomax.types import Array

FREE = frozenset({"name", "dtype", "trainable", "num_classes", "num_channels"})
"""Arguments in which the networks of the two models may differ."""
_AVERAGE, _GENERATOR = "averaged_generator", "generator"


class Transfer(NamedTuple):
    """What became of a model's variables.

    Attributes:
        taken: Number that got the other model's values.
        fresh: Names of the others, which are as they were initialised.
    """

    taken: int
    fresh: tuple[str, ...]


def start_from(model: PlayersModel, source: PlayersModel) -> Transfer:
    """Gives a model the weights of another one, part by part and variable by variable.

    Networks must be of the same classes and sizes; the number of classes, channels of images, heads and objectives may
    differ. A variable of the same name and shape is taken; a table with a row for each class (K, ...) becomes the mean
    of the rows in every row where the number of classes differs; scales and offsets of each class start from those of a
    normalisation without classes, and the other way round from their mean; all others stay as they are. A moving
    average starts from that of the other model, or from its generator.

    Args:
        model: The model; its optimizers are left alone.
        source: The other model.

    Raises:
        InputError: The networks are of other classes or sizes.
    """
    others: dict[str, Any] = dict(source.parts())
    others.setdefault(_AVERAGE, others.get(_GENERATOR))
    for name, network in model.networks().items():
        _check_network(name, network, others.get(name))
    classes, taken, fresh = (_num_classes(source), _num_classes(model)), 0, []
    for name, part in model.parts().items():
        other = others.get(name)
        values = _values(other) if type(other) is type(part) else {}
        for variable in part.variables:
            value = _fitting(_counterpart(_name(variable), values), tuple(variable.shape), classes)
            if value is None:
                fresh.append(f"{name}/{_name(variable)}")
            else:
                variable.assign(value)
                taken += 1
    return Transfer(taken, tuple(fresh))


def _check_network(name: str, network: keras.Model, other: Any) -> None:
    """Raises an InputError unless two networks differ in what the data decide alone."""
    if type(other) is not type(network):
        received = "none" if other is None else type(other).__name__
        raise InputError(f"The {name} to start from must be a {type(network).__name__}. Received: {received}")
    here, there = network.get_config(), other.get_config()
    changed = [key for key in {**there, **here} if key not in FREE and there.get(key) != here.get(key)]
    if changed:
        texts = ", ".join(f"{key} {there.get(key)} there, {here.get(key)} here" for key in changed)
        raise InputError(f"The {name} to start from must have the same settings. Received: {texts}")


def _values(part: Any) -> dict[str, Array]:
    return {_name(variable): np.asarray(variable.value) for variable in part.variables}


def _name(variable: keras.Variable) -> str:
    """Returns a variable's path below its part, whose own name Keras numbers."""
    return str(variable.path).partition("/")[2]


def _counterpart(name: str, values: Mapping[str, Array]) -> Array | None:
    """Returns the value of a name; where batch normalisation is conditional in one model alone, that of the other."""
    if name in values:
        return values[name]
    layer, _, own = name.rpartition("/")
    scale, offset, table = (values.get(f"{layer}/{each}") for each in ("gamma", "beta", "embeddings"))
    if own == "embeddings" and scale is not None:
        return np.concatenate([scale, offset])[None]  # (1, 2C)
    if own in ("gamma", "beta") and table is not None:
        return np.split(table.mean(axis=0), 2)[own == "beta"]  # (C,)
    return values.get(f"{layer}/norm/{own}", values.get(f"{layer.removesuffix('/norm')}/{own}"))


def _num_classes(model: PlayersModel) -> int | None:
    return getattr(model, "num_classes", None)


def _fitting(value: Array | None, shape: tuple[int, ...], classes: tuple[int | None, int | None]) -> Array | None:
    """Returns what a variable of a shape starts from; None if nothing fits."""
    if value is None or value.shape == shape:
        return value
    old, new = classes
    if value.ndim == len(shape) > 0 and shape[0] == new and value.shape in ((1, *shape[1:]), (old, *shape[1:])):
        return np.broadcast_to(value.mean(axis=0), shape)
    return None
