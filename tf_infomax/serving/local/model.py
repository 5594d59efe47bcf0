"""A version of a model, loaded to answer requests."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.serving.archive import load_archive, read_origin
from tf_infomax.serving.local.errors import from_tensorflow, invalid, not_found
from tf_infomax.serving.versions import saved_model_in
from tf_infomax.types import Array

DEFAULT_SIGNATURE = "serving_default"


class ServedModel:
    """The highest version in the folder of a model, or one version.

    Args:
        path: Folder of the model or of the version.
        name: Name of the model in requests; that of its folder if None.

    Attributes:
        version: Number of the version.
        max_rows: Largest number of rows of one request; None if the model has no limit or none is known.
        signature_defs: The signatures as the file describes them.
        num_classes: Classes of a conditional generator; None for another model.

    Raises:
        InputError: There is no version in the folder, it is not an export of this package, or it is damaged.
    """

    def __init__(self, path: Path | str, *, name: str | None = None) -> None:
        folder = saved_model_in(path).resolve()
        self.name = name or folder.parent.name
        self.version = int(folder.name) if folder.name.isdecimal() else 1
        origin = read_origin(folder)
        self.num_classes: int | None = origin.get("num_classes")
        self.max_rows: int | None = origin.get("max_rows")
        self._loaded, self.signature_defs = load_archive(folder)
        # More at once would not be faster, and each takes memory for its own batch.
        self._places = threading.BoundedSemaphore(os.cpu_count() or 1)

    def signature(self, name: str) -> Any:
        """Returns a signature; the default one for an empty name.

        Raises:
            RequestError: There is no such signature.
        """
        name = name or DEFAULT_SIGNATURE
        if name not in self._loaded.signatures:
            known = ", ".join(sorted(self._loaded.signatures))
            raise invalid(f'Serving signature key "{name}" not found; there are {known}.')
        return self._loaded.signatures[name]

    def input_specs(self, name: str) -> Mapping[str, tf.TensorSpec]:
        """Returns the inputs of a signature by name."""
        _, specs = self.signature(name).structured_input_signature
        return specs

    def check(self, name: str, version: str | int | None = None, label: str | None = None) -> None:
        """Raises a RequestError unless a request is for this model, and for its version if it names one."""
        if name != self.name:
            raise not_found(f"Servable not found for request: Latest({name}); this server has {self.name}.")
        if label:
            raise not_found(f'Unrecognized servable version label: "{label}"; this server has none.')
        if version is not None and int(version) != self.version:
            raise not_found(
                f"Servable not found for request: Specific({name}, {version}); this server has version {self.version}."
            )

    def predict(self, signature: str, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Runs a signature.

        Raises:
            RequestError: The signature is unknown, or the inputs do not fit it.
        """
        function, specs = self.signature(signature), self.input_specs(signature)
        check_names(inputs, specs)
        tensors = {name: _tensor(name, inputs[name], spec) for name, spec in specs.items()}
        try:
            with self._places:
                return {name: values.numpy() for name, values in function(**tensors).items()}
        except tf.errors.OpError as error:
            raise from_tensorflow(error) from error


def check_names(inputs: Mapping[str, Any], specs: Mapping[str, tf.TensorSpec]) -> None:
    """Raises a RequestError unless the inputs of a request are those of a signature."""
    if inputs.keys() != specs.keys():
        received = ", ".join(sorted(inputs)) or "none"
        raise invalid(f"Inputs must be {', '.join(sorted(specs))}. Received: {received}")


def _tensor(name: str, values: Array, spec: tf.TensorSpec) -> tf.Tensor:
    dtype = tf.string if values.dtype.hasobject else tf.dtypes.as_dtype(values.dtype)
    if dtype != spec.dtype or not spec.shape.is_compatible_with(values.shape):
        shape = "of one number or (M,)" if spec.shape.rank is None else spec.shape
        raise invalid(f"`{name}` must be {spec.dtype.name} {shape}. Received: {dtype.name} {values.shape}")
    if spec.shape.rank is None and values.ndim > 1:
        raise invalid(f"`{name}` must be one number or a list of numbers. Received: {values.shape}")
    return tf.constant(np.asarray(values), spec.dtype)
