"""What a run measured during training, as curves."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tf_infomax.callbacks import Measured
from tf_infomax.callbacks.measurement_history import read_measurements
from tf_infomax.errors import InputError
from tf_infomax.images import are_images
from tf_infomax.plots import Curve
from tf_infomax.runs.directory import RunDirectory


@dataclass(frozen=True)
class Watched:
    """Measurements during training.

    Attributes:
        features: Name of the features.
        num_samples: Number of generated samples, and of real ones.
        seed: Seed of the real samples.
        curves: Values by step, by metric; without those that are not finite.
    """

    features: str
    num_samples: int
    seed: int
    curves: Mapping[str, Curve]


def watched(run: RunDirectory, sample_shape: tuple[int, ...]) -> Watched | None:
    """Reads the measurements of a run, None if there are none that can be read.

    Args:
        run: The run.
        sample_shape: Shape of its samples: (H, W, C) of images, (D,) of points.
    """
    try:
        protocol, measurements = read_measurements(run.watched_path)
        features, num_samples = protocol["features"], protocol["num_samples"]
        seed = run.config()["seeds"]["run"] if are_images(sample_shape) else 0
    except (OSError, InputError, KeyError):
        return None
    names = dict.fromkeys(name for measured in measurements for name in measured.metrics)
    return Watched(features, num_samples, seed, {name: _curve(name, measurements) for name in names})


def _curve(name: str, measurements: Sequence[Measured]) -> Curve:
    values = {measured.step: measured.metrics.get(name, math.nan) for measured in measurements}
    finite = {step: value for step, value in values.items() if math.isfinite(value)}
    return Curve(list(finite), list(finite.values()))
