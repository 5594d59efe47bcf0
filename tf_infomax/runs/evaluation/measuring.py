"""The measurement of generated samples against real ones, with its provenance."""

import functools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tf_infomax.data import ImageSource
from tf_infomax.errors import InputError
from tf_infomax.metrics import Measurement, Suite
from tf_infomax.runs.evaluation.floor import Floor
from tf_infomax.runs.evaluation.progress import in_parts, regrouped
from tf_infomax.runs.evaluation.protocol import Protocol, Sizes
from tf_infomax.runs.evaluation.real_data import RealData
from tf_infomax.runs.evaluation.real_samples import RealSamples, cached_features, feature_key, real_samples
from tf_infomax.runs.evaluation.samples import GeneratedSamples
from tf_infomax.runs.machine import versions
from tf_infomax.runs.records import Record

_CHUNK = 1000

Results = dict[str, Measurement]


def evaluate(
    samples: GeneratedSamples,
    data: RealData,
    suite: Suite[Any, Any],
    protocol: Protocol,
    *,
    cache_dir: Path | str | None = None,
) -> list[Record]:
    """Measures generated samples against real ones.

    Args:
        samples: Generated samples.
        data: Real samples.
        suite: Suite of metrics.
        protocol: Numbers of samples, seeds and estimators.
        cache_dir: Folder of all caches; the user's if None.

    Returns:
        One record per metric.

    Raises:
        InputError: The samples do not fit the data, or the protocol asks for more than there are.
    """
    source, cache = data.source, None if cache_dir is None else Path(cache_dir)
    _check_shapes(samples, source)
    suite = protocol.suite(suite)
    sizes, digest = protocol.sizes_in(suite), source.digest()
    _check_numbers(samples, suite, sizes)
    measure_floor = functools.partial(_floor, data, suite, sizes, digest, cache)
    results: list[Results] = []
    floor: dict[str, float | None] = {}
    for seed in protocol.seeds:
        real = _real(source, protocol, sizes, seed)
        features = cached_features(suite, real, digest=digest, cache_dir=cache)
        floor = floor or measure_floor(real, features, seed)
        results.append(_measured(samples, suite, sizes, features, seed))
    common = {
        "protocol": protocol.name,
        **suite.provenance,
        "dataset": source.name,
        "dataset_digest": digest,
        "split": source.split,
        "seeds": list(protocol.seeds),
        **samples.provenance(),
        "versions": versions(),
    }
    return [
        _record(name, [result[name] for result in results], sizes[name], floor[name], common) for name in suite.metrics
    ]


def _check_shapes(samples: GeneratedSamples, source: ImageSource) -> None:
    if samples.sample_shape != source.image_shape:
        raise InputError(
            f"The samples must be like those of {source.name}, {source.image_shape}. Received: {samples.sample_shape} "
            f"in {samples.path}"
        )


def _check_numbers(samples: GeneratedSamples, suite: Suite[Any, Any], sizes: Mapping[str, Sizes]) -> None:
    wanted = max(size.num_fake for size in sizes.values())
    if samples.num_samples is not None and samples.num_samples < wanted:
        raise InputError(
            f"`num_fake` must be at most {samples.num_samples}, the samples in {samples.path}. Received: {wanted}"
        )
    for name, size in sizes.items():
        suite.metrics[name].check_numbers(name, num_real=size.num_real, num_fake=size.num_fake)


def _real(source: ImageSource, protocol: Protocol, sizes: Mapping[str, Sizes], seed: int) -> RealSamples:
    per_class = protocol.real_per_class(source.name)
    return real_samples(source, max(size.num_real for size in sizes.values()), seed, per_class=per_class)


def _floor(
    data: RealData,
    suite: Suite[Any, Any],
    sizes: Mapping[str, Sizes],
    digest: str,
    cache_dir: Path | None,
    real: RealSamples,
    features: Any,
    seed: int,
) -> dict[str, float | None]:
    key = feature_key(suite, real, digest)
    return _by_size(sizes, Floor(suite, real, features, seed, key, data.other_split, cache_dir).values)


def _measured(
    samples: GeneratedSamples, suite: Suite[Any, Any], sizes: Mapping[str, Sizes], real: Any, seed: int
) -> Results:
    num_fake = max(size.num_fake for size in sizes.values())
    with tempfile.TemporaryDirectory() as folder:
        chunks = in_parts(regrouped(samples.draw(num_fake, seed), _CHUNK), num_fake, f"Samples of seed {seed}")
        fake = suite.collect(chunks, Path(folder), num_samples=num_fake)

        def compare(size: Sizes, names: list[str]) -> Results:
            part = suite.exactly(names)
            return part.compare(part.first(real, size.num_real), part.first(fake, size.num_fake), seed=seed)

        return _by_size(sizes, compare)


def _by_size(sizes: Mapping[str, Sizes], measure: Callable[[Sizes, list[str]], Mapping[str, Any]]) -> dict[str, Any]:
    """Measures all metrics of the same numbers of samples together: what they share is computed once."""
    results: dict[str, Any] = {}
    for size in dict.fromkeys(sizes.values()):
        results |= measure(size, [name for name, own in sizes.items() if own == size])
    return results


def _record(
    name: str, results: Sequence[Measurement], size: Sizes, floor: float | None, common: Mapping[str, Any]
) -> Record:
    values = [float(result) for result in results]
    std, kind = results[0].std, results[0].std_kind
    if len(values) > 1:
        std, kind = float(np.std(values)), "seeds"
    return {
        "metric": name,
        "value": float(np.mean(values)),
        "std": std,
        "std_kind": kind,
        "values": values,
        "floor": floor,
        "num_real": size.num_real,
        "num_fake": size.num_fake,
        "definition": results[0].definition,
        "notes": list(dict.fromkeys(note for result in results for note in result.notes)),
        **common,
    }
