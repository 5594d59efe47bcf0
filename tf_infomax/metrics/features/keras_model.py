"""Keras models as networks of images."""

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.network import Network, OutputNames, flat_width, image_shape, preparation
from tf_infomax.types import Tensor

SUFFIX = ".keras"

_NAMED_LAYERS = 5


def load_keras_file(path: Path, outputs: OutputNames) -> Network:
    """Loads a `.keras` file under the strategy in scope.

    Args:
        path: The file.
        outputs: Layers, or keys of the dictionary that the model returns.

    Raises:
        InputError: The file cannot be read, or the model has other inputs or outputs.
    """
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # Whatever the layers' constructors raise, too.
        raise InputError(f"cannot load the Keras model {str(path)!r} ({type(error).__name__})") from error
    if len(inputs := getattr(model, "inputs", None) or []) != 1:
        raise InputError(
            f"expected a functional or sequential Keras model of one input. Received: {str(path)!r}, a "
            f"{type(model).__name__}; export another one as a SavedModel"
        )
    # A sequential model has no `output`.
    functional = keras.Model(inputs, model.outputs) if isinstance(model, keras.Sequential) else model
    layers = {layer.name: layer for layer in functional.layers}
    return keras_network(functional, layers, outputs, prepare=preparation(tf.as_dtype(inputs[0].dtype)))


def keras_network(
    model: keras.Model,
    layers: Mapping[str, keras.layers.Layer],
    outputs: OutputNames,
    *,
    prepare: Callable[[Tensor], Tensor],
) -> Network:
    """Returns a network of some outputs or layers of a functional model of one input.

    Args:
        model: The model.
        layers: Its layers by name.
        outputs: Layers, or keys of the dictionary that the model returns.
        prepare: Maps images in grey levels to its input.

    Raises:
        InputError: There are no such outputs.
    """
    tensors = {name: _output(model, layers, name) for name in outputs.wanted}
    part = keras.Model(model.inputs, tensors)
    return Network(
        lambda images: part(images, training=False),
        prepare,
        image_shape(tf.TensorShape(model.inputs[0].shape)),
        outputs,
        flat_width(tf.TensorShape(tensors[outputs.features].shape)),
    )


def _output(model: keras.Model, layers: Mapping[str, keras.layers.Layer], name: str) -> Any:
    """Returns the symbolic output of a model under a key of its dictionary, or that of a layer."""
    keys = model.output if isinstance(model.output, dict) else {}
    if name not in keys and name not in layers:
        near = difflib.get_close_matches(name, layers, n=_NAMED_LAYERS) or list(layers)[-_NAMED_LAYERS:]
        raise InputError(
            f"expected an output or layer of {model.name} (--feature-output, --logit-output). Received: {name!r}; it "
            f"has {', '.join(dict.fromkeys([*keys, *near]))}"
        )
    output = keys[name] if name in keys else layers[name].output
    if not keras.utils.is_keras_tensor(output):
        raise InputError(f"expected a layer of one output. Received: {name!r} of {model.name}")
    return output
