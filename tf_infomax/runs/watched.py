"""What a run measured during training, as curves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

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
        content = json.loads(run.watched_path.read_bytes())
        rows = content["measurements"]
        names = dict.fromkeys(name for row in rows for name in row["metrics"])
        points = {name: {row["step"]: row["metrics"].get(name) for row in rows} for name in names}
        seed = run.config()["seeds"]["run"] if are_images(sample_shape) else 0
        return Watched(
            content["features"], content["num_samples"], seed, {name: _curve(points[name]) for name in names}
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _curve(points: Mapping[int, float | None]) -> Curve:
    finite = {step: value for step, value in points.items() if value is not None}
    return Curve(list(finite), list(finite.values()))
