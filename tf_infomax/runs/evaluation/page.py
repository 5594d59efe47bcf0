"""The page of an evaluation: samples beside real images, neighbours, curves of training, and records."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tf_infomax.files import write_bytes
from tf_infomax.metrics import ImageSuite, Suite
from tf_infomax.metrics.neighbours import nearest_neighbours, typical_distance
from tf_infomax.plots import Curve
from tf_infomax.runs.evaluation.floor import Floor
from tf_infomax.runs.evaluation.protocol import Sizes
from tf_infomax.runs.evaluation.real_data import RealData
from tf_infomax.runs.evaluation.real_samples import cached_features, feature_key, real_samples
from tf_infomax.runs.evaluation.samples import GeneratedSamples
from tf_infomax.runs.records import Record
from tf_infomax.runs.report import Neighbours, Report, report_page
from tf_infomax.types import Array

NUM_IMAGES = 64
NUM_POINTS = 2500
NUM_QUERIES = 8
NUM_NEIGHBOURS = 5


def write_page(
    path: Path,
    samples: GeneratedSamples,
    data: RealData,
    suite: Suite[Any, Any],
    records: Sequence[Record],
    *,
    per_class: int | None = None,
    cache_dir: Path | str | None = None,
) -> None:
    """Writes the page of an evaluation.

    Args:
        path: HTML file to write.
        samples: The samples that were measured.
        data: Real samples.
        suite: Suite of metrics.
        records: Records of the evaluation.
        per_class: Real images of each class, where they were drawn by class.
        cache_dir: Folder of all caches; the user's if None.
    """
    cache = None if cache_dir is None else Path(cache_dir)
    of_images = isinstance(suite, ImageSuite)
    number = min(NUM_IMAGES if of_images else NUM_POINTS, data.source.num_images, samples.num_samples or NUM_POINTS)
    drawn = np.concatenate(list(samples.draw(number, 0)))
    neighbours, typical = _neighbours(drawn, data, suite, records[0], per_class, cache) if of_images else ((), None)
    curves, floors = _training(samples, data, suite, cache)
    report = Report(
        title=f"{samples.path.name}: {data.source.name}",
        facts=_facts(samples, records[0]),
        samples=drawn,
        real=data.source.sample_real(number, 0),
        neighbours=neighbours,
        curves=curves,
        floors=floors,
        # A page is shown to others, whom the folders of this machine do not concern.
        records=[{name: value for name, value in record.items() if name != "path"} for record in records],
        typical=typical,
    )
    write_bytes(path, report_page(report).encode())


def _facts(samples: GeneratedSamples, record: Record) -> dict[str, str]:
    names = {"Preset": samples.preset, "Training step": record["step"], "Weights": record["weights"]}
    facts = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in names.items() if value}
    return {"Source": str(samples.path), **facts}


def _neighbours(
    drawn: Array, data: RealData, suite: Suite[Any, Any], record: Record, per_class: int | None, cache: Path | None
) -> tuple[list[Neighbours], float]:
    """Returns the nearest real images of the first samples, among those of the first seed."""
    real = real_samples(data.source, record["num_real"], record["seeds"][0], per_class=per_class)
    features = cached_features(suite, real, digest=record["dataset_digest"], cache_dir=cache)
    queries = drawn[:NUM_QUERIES]
    number = min(NUM_NEIGHBOURS, record["num_real"])
    indices, distances = nearest_neighbours(suite.extract(queries).activations, features.activations, number)
    found = [
        Neighbours(query, data.source.images_at(real.indices[rows]), own)
        for query, rows, own in zip(queries, indices, distances, strict=True)
    ]
    return found, typical_distance(features.activations)


def _training(
    samples: GeneratedSamples, data: RealData, suite: Suite[Any, Any], cache: Path | None
) -> tuple[Mapping[str, Curve], Mapping[str, float]]:
    """Returns the curves of a run's training, and the floors of as many samples; none if nothing was measured."""
    watched = samples.watched()
    if watched is None or watched.features != suite.feature_name:
        return {}, {}
    number, seed, digest = watched.num_samples, watched.seed, data.source.digest()
    real = real_samples(data.source, number, seed)
    features = cached_features(suite, real, digest=digest, cache_dir=cache)
    floor = Floor(suite, real, features, seed, feature_key(suite, real, digest), data.other_split, cache)
    values = floor.values(Sizes(number, number), [name for name in watched.curves if name in suite.metrics])
    return watched.curves, {name: value for name, value in values.items() if value is not None}
