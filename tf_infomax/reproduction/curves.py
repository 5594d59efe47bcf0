"""Curves of a run from TensorBoard logs."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.plots import Curve

PREFIX = "metrics/"


def metric_curves(logs: Path) -> dict[str, Curve]:
    """Reads the scalars `metrics/...` of a run, by metric; see `scalar_curves`."""
    curves = scalar_curves(logs)
    return {tag.removeprefix(PREFIX): curve for tag, curve in curves.items() if tag.startswith(PREFIX)}


def scalar_curves(logs: Path) -> dict[str, Curve]:
    """Reads all scalars of a run.

    Args:
        logs: TensorBoard's log directory. A step that an interrupted and resumed run wrote twice counts once.

    Returns:
        Steps and values in order of steps, by tag; empty without logs.
    """
    if not logs.is_dir():
        return {}
    # Not at the top: the import takes a second.
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(logs), size_guidance={"tensors": 0})
    events.Reload()
    curves: dict[str, Curve] = {}
    for tag in events.Tags()["tensors"]:
        values = [(event.step, tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(tag)]
        if all(value.ndim == 0 and value.dtype.kind == "f" for _, value in values):  # Images are tensors, too.
            points = {step: float(value) for step, value in values}
            steps = sorted(points)
            curves[tag] = Curve(steps, [points[step] for step in steps])
    return curves


def mean_curves(runs: Iterable[Mapping[str, Curve]]) -> dict[str, Curve]:
    """Averages the curves of several runs, at their common steps.

    Returns:
        Means with population standard deviations, by metric; the curves of a single run have none.
    """
    runs = list(runs)
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: mean_curve([run[name] for run in runs if name in run]) for name in names}


def summary_curve(places: Sequence[float], rows: Sequence[Mapping[str, Mapping[str, float]]], column: str) -> Curve:
    """Returns a column of a table's summary over the places of its rows, with the deviation over seeds."""
    cells = [row[column] for row in rows]
    return Curve(places, [cell["mean"] for cell in cells], [cell["std"] for cell in cells])


def mean_curve(curves: Sequence[Curve]) -> Curve:
    """Averages curves at their common places, with population standard deviations; a single one has none."""
    values = [dict(zip(curve.x, curve.y)) for curve in curves]
    steps = sorted(set.intersection(*(set(value) for value in values)))
    rows = [[value[step] for value in values] for step in steps]
    deviation = [float(np.std(row)) for row in rows] if len(curves) > 1 else None
    return Curve(steps, [float(np.mean(row)) for row in rows], deviation)
