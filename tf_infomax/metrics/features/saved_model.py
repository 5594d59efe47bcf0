"""SavedModels as networks of images."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.features.network import Network, OutputNames, flat_width, image_shape, preparation
from tf_infomax.types import Tensor

SAVED_MODEL_FILE = "saved_model.pb"
SIGNATURE = "serving_default"


@dataclass(frozen=True)
class _Endpoint:
    """A function of a SavedModel.

    Attributes:
        run: Maps images to outputs by name.
        images: What it takes.
        outputs: What it returns.
    """

    run: Callable[[Tensor], Mapping[str, Tensor]]
    images: tf.TensorSpec
    outputs: Mapping[str, tf.TensorSpec]


def load_saved_model(folder: Path, outputs: OutputNames) -> Network:
    """Loads a SavedModel under the strategy in scope.

    Args:
        folder: Its folder. The object in it can be called with images and returns a dictionary, or it has the signature
            `serving_default`.
        outputs: Names of the outputs to use.

    Raises:
        InputError: There is no SavedModel, or it has other inputs or outputs.
    """
    endpoints = list(_endpoints(_load(folder)))
    for endpoint in endpoints:
        if endpoint.outputs.keys() >= set(outputs.wanted):
            return _network(endpoint, outputs)
    known = sorted({name for endpoint in endpoints for name in endpoint.outputs})
    raise InputError(
        f"expected a SavedModel of images with the outputs {' and '.join(outputs.wanted)} "
        f"(--feature-output, --logit-output). Received: {str(folder)!r} with {', '.join(known) or 'none'}"
    )


def _load(folder: Path) -> Any:
    if not (folder / SAVED_MODEL_FILE).is_file():
        raise InputError(f"expected a folder with {SAVED_MODEL_FILE}. Received: {str(folder)!r}")
    try:
        return tf.saved_model.load(str(folder))
    except Exception as error:  # Also protobuf's errors and TensorFlow's own.
        raise InputError(f"cannot load the SavedModel {str(folder)!r} ({type(error).__name__})") from error


def _endpoints(loaded: Any) -> Iterator[_Endpoint]:
    """Yields the functions of one tensor with named outputs: the object itself, then its default signature."""
    functions = loaded.__call__.concrete_functions if callable(loaded) else []
    for function in functions[:1]:
        arguments, _ = function.structured_input_signature
        named = isinstance(function.structured_outputs, dict)
        if named and arguments and isinstance(arguments[0], tf.TensorSpec):
            yield _Endpoint(loaded, arguments[0], function.structured_outputs)
    if SIGNATURE in loaded.signatures:
        signature = loaded.signatures[SIGNATURE]
        _, arguments = signature.structured_input_signature
        if len(arguments) == 1:
            [(name, images)] = arguments.items()
            # The object's variables live as long as it does: the function alone does not keep it.
            yield _Endpoint(_calling(loaded, name), images, signature.structured_outputs)


def _calling(loaded: Any, argument: str) -> Callable[[Tensor], Mapping[str, Tensor]]:
    return lambda images: loaded.signatures[SIGNATURE](**{argument: images})


def _network(endpoint: _Endpoint, outputs: OutputNames) -> Network:
    return Network(
        endpoint.run,
        preparation(endpoint.images.dtype),
        image_shape(endpoint.images.shape),
        outputs,
        flat_width(endpoint.outputs[outputs.features].shape),
    )
