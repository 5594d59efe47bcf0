"""The best model of a run by a measured metric, kept beside the last one."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.files import atomic_path, write_json
from tf_infomax.metrics.metric import Better
from tf_infomax.models.players import PlayersModel

DISTANCES: dict[Better, Callable[[float], float]] = {
    "lower": lambda value: value,
    "higher": lambda value: -value,
    "nearer 50": lambda value: abs(value - 50.0),
}
"""Maps from values to numbers of which the lowest is best, by which values are better."""

_PROTOCOL = ("metric", "definition", "num_samples", "batch_statistics")


class BestModel:
    """Writes the model whenever a metric is better than in every earlier measurement.

    The files say what was best so far, so a run that is interrupted ends with the same best model: a step that is
    trained and measured again after its best model was kept gives the same value, which is no better.

    Args:
        model_path: File of the model, in the format of the finished one.
        record_path: File of the record: metric, value, step, and how it was measured.
        metric: Name of the metric.
        better: Which values are better.
    """

    def __init__(self, model_path: Path, record_path: Path, *, metric: str, better: Better) -> None:
        self.model_path = model_path
        self.record_path = record_path
        self.metric = metric
        self.better = better

    def offer(self, model: PlayersModel, record: Mapping[str, Any]) -> None:
        """Keeps a model if it is the best so far; a value that is not finite never is."""
        if math.isfinite(record["value"]) and self._is_better(record):
            with atomic_path(self.model_path) as partial:
                model.save(partial)
            write_json(self.record_path, dict(record))

    def _is_better(self, record: Mapping[str, Any]) -> bool:
        if not self.record_path.exists() or not self.model_path.exists():
            return True
        kept = read_best_record(self.record_path)
        if any(kept.get(name) != record.get(name) for name in _PROTOCOL):
            return True  # Numbers of another protocol cannot be compared.
        distance = DISTANCES[self.better]
        return distance(record["value"]) < distance(kept["value"])


def read_best_record(path: Path) -> dict[str, Any]:
    """Reads the record of the best model.

    Raises:
        InputError: The file is damaged.
    """
    try:
        record = dict(json.loads(path.read_bytes()))
        float(record["value"])
        return record
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is damaged; remove it, and the best model from then on is kept") from error
