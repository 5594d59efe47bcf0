"""TensorBoard's event files of runs."""

from pathlib import Path

import tensorflow as tf


def scalars(folder: Path) -> dict[str, list[float]]:
    """Reads every scalar in TensorBoard's files, by name; other values have empty lists."""
    found: dict[str, list[float]] = {}
    for file in sorted(folder.glob("events.*")):
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                found.setdefault(value.tag, [])
                if value.metadata.plugin_data.plugin_name == "scalars":
                    found[value.tag].append(float(tf.make_ndarray(value.tensor)))
    return found
