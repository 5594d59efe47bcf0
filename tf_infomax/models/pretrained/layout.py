"""Files of a saved model's folder; the first three are those by which Keras itself loads it."""

from pathlib import Path

CONFIG = "config.json"
"""Classes and their constructors' arguments, as Keras serialises them."""
METADATA = "metadata.json"
"""Version of Keras, and when the model was saved."""
WEIGHTS = "model.weights.h5"
"""Weights, in Keras' format."""
PRESET = "preset.json"
"""How the model was compiled, and the settings and data of its run."""
COMPILE = "compile"
"""Entry of it with the arguments of `compile`; null of a model that was not compiled."""
RUN = "run"
"""Entry of it with the configuration of the run that trained the model, if one did."""
METRICS = "metrics.json"
"""A list of measurements, as in a run's folder."""
CARD = "README.md"
"""Model card."""
PICTURE = "samples.png"
"""Samples, where a run of images was saved."""
FILES = (CONFIG, METADATA, WEIGHTS, PRESET, METRICS, CARD, PICTURE)
"""All of them."""


def holds_saved_model(folder: Path) -> bool:
    """Whether a folder is that of a saved model."""
    return (folder / PRESET).is_file()
