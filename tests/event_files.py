"""TensorBoard's event files of runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf


def scalars(folder: Path) -> dict[str, list[float]]:
    """Reads every scalar in TensorBoard's files, by name; other values have empty lists."""
    found: dict[str, list[float]] = {}
    for value in _values(folder):
        found.setdefault(value.tag, [])
        if value.metadata.plugin_data.plugin_name == "scalars":
            found[value.tag].append(float(tf.make_ndarray(value.tensor)))
    return found


def descriptions(folder: Path) -> dict[str, str]:
    """Reads the description of every value in TensorBoard's files, by name."""
    return {value.tag: value.metadata.summary_description for value in _values(folder)}


def _values(folder: Path) -> Iterator[Any]:
    for file in sorted(folder.glob("events.*")):
        for record in tf.data.TFRecordDataset(str(file)):
            yield from tf.compat.v1.Event.FromString(record.numpy()).summary.value
