"""The floor of a measurement: real samples against other real ones, in the same numbers."""

import contextlib
import json
import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tf_infomax.data import ImageSource
from tf_infomax.files import write_json
from tf_infomax.metrics import Suite
from tf_infomax.runs.evaluation.progress import in_parts
from tf_infomax.runs.evaluation.protocol import Sizes
from tf_infomax.runs.evaluation.real_samples import RealSamples, cache_path
from tf_infomax.runs.machine import versions

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Floor:
    """Measures real samples against other real ones.

    The others are of the same split, none of them among the first; if the split has too few, of another split; if that
    has too few as well, there is no floor. Values are kept in the user's cache.

    Attributes:
        suite: Suite of metrics.
        real: Real samples of a measurement.
        features: Their features.
        seed: Seed of the measurement.
        key: What decides the features of the real samples, ready for JSON.
        other_split: Loads another split of the data, None if there is none.
        cache_dir: Folder of all caches; the user's if None.
    """

    suite: Suite[Any, Any]
    real: RealSamples
    features: Any
    seed: int
    key: dict[str, Any]
    other_split: Callable[[], ImageSource | None]
    cache_dir: Path | None

    def values(self, sizes: Sizes, names: list[str]) -> dict[str, float | None]:
        """Returns the floor of some metrics, None where there are too few real samples."""
        others = self.others(sizes.num_fake)
        if others is None:
            return dict.fromkeys(names)
        path = self._path(others, sizes)
        known = _read(path)
        rows = {name: self.suite.metrics[name] for name in names}
        missing = [name for name, row in rows.items() if row.definition not in known]
        if missing:
            measured = self._measure(others, sizes, missing)
            known |= {rows[name].definition: value for name, value in measured.items()}
            with contextlib.suppress(OSError):  # The features of real images have told of it.
                write_json(path, known)
        return {name: known[row.definition] for name, row in rows.items()}

    def others(self, num_samples: int) -> RealSamples | None:
        """Returns other real samples, None if there are too few."""
        source, taken = self.real.source, self.real.indices
        if len(taken) + num_samples <= source.num_images:
            order = source.draw(source.num_images, self.seed)
            rest = order[~np.isin(order, taken)][:num_samples]
            return RealSamples(source, rest, {"rest": num_samples, "seed": self.seed})
        other = self.other_split()
        if other is None or other.num_images < num_samples:
            return None
        draw = {"split": other.split, "digest": other.digest(), "num_samples": num_samples, "seed": self.seed}
        return RealSamples(other, other.draw(num_samples, self.seed), draw)

    def _path(self, others: RealSamples, sizes: Sizes) -> Path:
        key = {**self.key, "others": others.draw, "num_real": sizes.num_real, "versions": versions()}
        return cache_path(self.real.source, key, self.cache_dir).with_suffix(".floor.json")

    def _measure(self, others: RealSamples, sizes: Sizes, names: list[str]) -> dict[str, float]:
        suite = self.suite.exactly(names)
        with tempfile.TemporaryDirectory() as folder:
            chunks = in_parts(others.chunks(), sizes.num_fake, "Other real samples")
            features = suite.collect(chunks, Path(folder), num_samples=sizes.num_fake)
            real = suite.first(self.features, sizes.num_real)
            return {name: float(result) for name, result in suite.compare(real, features, seed=self.seed).items()}


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = json.loads(path.read_bytes())
        if isinstance(values, dict) and all(isinstance(value, float) for value in values.values()):
            return values
    except ValueError:
        pass
    _logger.warning("warning: the floor in %s is damaged and is measured again", path)
    return {}
