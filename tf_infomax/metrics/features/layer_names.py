"""Names of the layers of a classifier that Keras builds."""

import re
from collections.abc import Mapping

import keras

from tf_infomax.metrics.features.network import OutputNames


def layers_by_name(model: keras.Model) -> dict[str, keras.layers.Layer]:
    """Returns a model's layers, in order, by the names that they have if a process builds nothing else.

    Keras gives a layer without a name that of its class and a number, which counts all such layers of the process. Here
    numbers count from the first of the model, also in the few names of that form that a model gives itself.
    """
    first: dict[str, int] = {}
    for base, number in filter(None, map(_class_and_number, model.layers)):
        first[base] = min(number, first.get(base, number))
    return {_name(layer, first): layer for layer in model.layers}


def default_layers(layers: Mapping[str, keras.layers.Layer]) -> OutputNames:
    """Returns the layers of a classifier's features and logits.

    They are the last global average pooling or, without one, what the last dense layer reads; and the last layer.
    """
    poolings = [name for name, layer in layers.items() if isinstance(layer, keras.layers.GlobalAveragePooling2D)]
    return OutputNames(poolings[-1] if poolings else _before_last_dense(layers), list(layers)[-1])


def _name(layer: keras.layers.Layer, first: Mapping[str, int]) -> str:
    numbered = _class_and_number(layer)
    if numbered is None:
        return layer.name
    base, number = numbered
    return f"{base}_{number - first[base]}" if number > first[base] else base


def _class_and_number(layer: keras.layers.Layer) -> tuple[str, int] | None:
    """Splits a name like `conv2d_3`, that of the class and a number; None for a name of the layer's own."""
    base, _, number = layer.name.rpartition("_") if re.search(r"_\d+$", layer.name) else (layer.name, "", "0")
    return (base, int(number)) if base.replace("_", "") == type(layer).__name__.lower() else None


def _before_last_dense(layers: Mapping[str, keras.layers.Layer]) -> str:
    dense = [layer for layer in layers.values() if isinstance(layer, keras.layers.Dense)]
    return next(name for name, layer in layers.items() if layer.output is dense[-1].input)
