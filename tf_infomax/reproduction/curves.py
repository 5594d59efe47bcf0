"""Curves of a run's metrics from TensorBoard logs."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.plots import Curve

PREFIX = "metrics/"


def metric_curves(logs: Path) -> dict[str, Curve]:
    """Reads the scalars `metrics/...` of a run.

    Args:
        logs: TensorBoard's log directory. A step that an interrupted and resumed run wrote twice counts once.

    Returns:
        Steps and values in order of steps, by metric; empty without such scalars.
    """
    if not logs.is_dir():
        return {}
    # Not at the top: the import takes a second.
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(logs), size_guidance={"tensors": 0})
    events.Reload()
    curves: dict[str, Curve] = {}
    for tag in events.Tags()["tensors"]:
        if tag.startswith(PREFIX):
            points = {event.step: float(tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)}
            steps = sorted(points)
            curves[tag.removeprefix(PREFIX)] = Curve(steps, [points[step] for step in steps])
    return curves


def mean_curves(runs: Iterable[Mapping[str, Curve]]) -> dict[str, Curve]:
    """Averages the curves of several runs, at their common steps.

    Returns:
        Means with population standard deviations, by metric; the curves of a single run have none.
    """
    runs = list(runs)
    return {name: _mean([run[name] for run in runs if name in run]) for name in (runs[0] if runs else ())}


def _mean(curves: Sequence[Curve]) -> Curve:
    values = [dict(zip(curve.x, curve.y)) for curve in curves]
    steps = sorted(set.intersection(*(set(value) for value in values)))
    rows = [[value[step] for value in values] for step in steps]
    deviation = [float(np.std(row)) for row in rows] if len(curves) > 1 else None
    return Curve(steps, [float(np.mean(row)) for row in rows], deviation)
