"""Tensors as JSON, in the two forms of TensorFlow Serving's REST API.

Rows: `instances`, a list with the inputs of each row, answered by `predictions`, the outputs of each row. Columns:
`inputs`, whole tensors by name, answered by `outputs`. A single input or output needs no name. Bytes are objects
`{"b64": ...}`.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.serving.local.errors import invalid
from tf_infomax.serving.local.model import check_names
from tf_infomax.types import Array

_ROWS, _COLUMNS = "instances", "inputs"
_BYTES_SUFFIX = "_bytes"
_MAX_RANK = 32
"""Lists within lists, at most."""


def parse_body(body: bytes) -> dict[str, Any]:
    """Parses the body of a request.

    Raises:
        RequestError: It is not a JSON object with either `instances` or `inputs`.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid(f"JSON Parse error: {error}".splitlines()[0]) from None
    if not isinstance(content, dict) or (_ROWS in content) == (_COLUMNS in content):
        raise invalid(f"The body must be a JSON object with either `{_ROWS}` or `{_COLUMNS}`.")
    if not isinstance(content.get("signature_name", ""), str):
        raise invalid("`signature_name` must be a string.")
    return content


def read_inputs(content: Mapping[str, Any], specs: Mapping[str, tf.TensorSpec]) -> dict[str, Array]:
    """Reads the inputs of a signature from a parsed body.

    Raises:
        RequestError: They have other names, or values that do not fit the dtypes.
    """
    named = _columns_of_rows(content[_ROWS], specs) if _ROWS in content else _named(content[_COLUMNS], specs)
    check_names(named, specs)
    return {name: _array(name, values, specs[name].dtype) for name, values in named.items()}


def write_outputs(content: Mapping[str, Any], outputs: Mapping[str, Array]) -> bytes:
    """Returns the body of the answer to a parsed body, in the same form."""
    values = {name: _jsonable(name, array) for name, array in outputs.items()}
    if _ROWS in content:
        [rows] = {len(rows) for rows in values.values()}
        named_rows = [{name: values[name][i] for name in values} for i in range(rows)]
        return json.dumps({"predictions": [_unnamed(row) for row in named_rows]}).encode()
    return json.dumps({"outputs": _unnamed(values)}).encode()


def _named(values: Any, specs: Mapping[str, tf.TensorSpec]) -> dict[str, Any]:
    """Gives values without a name that of the single input."""
    if isinstance(values, dict) and values.keys() != {"b64"}:
        return values
    if len(specs) > 1:
        raise invalid(f"Inputs must be named: {', '.join(sorted(specs))}.")
    return dict.fromkeys(specs, values)


def _columns_of_rows(rows: Any, specs: Mapping[str, tf.TensorSpec]) -> dict[str, list]:
    if not isinstance(rows, list) or not rows:
        raise invalid(f"`{_ROWS}` must be a list of at least one row.")
    named = [_named(row, specs) for row in rows]
    if any(row.keys() != named[0].keys() for row in named):
        raise invalid(f"All rows of `{_ROWS}` must have the same inputs.")
    return {name: [row[name] for row in named] for name in named[0]}


def _array(name: str, values: Any, dtype: tf.DType) -> Array:
    if dtype == tf.string:
        return _bytes_array(name, values)
    # Before NumPy sees them: it would make every text as long as the longest, whatever memory that takes.
    if not _are_numbers(values):
        raise invalid(f"`{name}` must be numbers of {dtype.name}.")
    try:
        array = np.array(values)
    except ValueError:
        raise invalid(f"`{name}` must be a rectangular list of numbers.") from None
    if array.size and not _fits(array, dtype):
        raise invalid(f"`{name}` must be numbers of {dtype.name}.")
    return array.astype(dtype.as_numpy_dtype)


def _are_numbers(values: Any, depth: int = 0) -> bool:
    if not isinstance(values, list):
        return isinstance(values, int | float)
    kinds = set(map(type, values))
    if list not in kinds:
        return kinds <= {int, float, bool}
    return depth < _MAX_RANK and all(_are_numbers(value, depth + 1) for value in values)


def _fits(array: Array, dtype: tf.DType) -> bool:
    if dtype.is_floating:
        return array.dtype.kind in "iuf"
    return array.dtype.kind in "iu" and bool(array.min() >= dtype.min and array.max() <= dtype.max)


def _bytes_array(name: str, values: Any) -> Array:
    if not isinstance(values, list):
        return np.array(_bytes_of(name, values), object)
    if any(isinstance(value, list) for value in values):
        raise invalid(f"`{name}` must be a rectangular list of bytes.")
    return np.array([_bytes_of(name, value) for value in values], object)


def _bytes_of(name: str, value: Any) -> bytes:
    try:
        return value.encode() if isinstance(value, str) else base64.b64decode(value["b64"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise invalid(f'`{name}` must be objects {{"b64": ...}} with base64.') from None


def _jsonable(name: str, array: Array) -> list:
    if not array.dtype.hasobject:
        return array.tolist()
    if name.endswith(_BYTES_SUFFIX):
        return [{"b64": base64.b64encode(value).decode()} for value in array.ravel()]
    return [value.decode(errors="replace") for value in array.ravel()]


def _unnamed(values: dict[str, Any]) -> Any:
    return next(iter(values.values())) if len(values) == 1 else values
