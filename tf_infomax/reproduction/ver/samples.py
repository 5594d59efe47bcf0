"""Measurements of GAN + VER's tables: means over draws of real and generated samples."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tf_infomax.data import ImageSource
from tf_infomax.errors import InputError
from tf_infomax.metrics import Suite, suite_for
from tf_infomax.models.gan import GAN
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.reproduction.ver.protocols import PROTOCOLS
from tf_infomax.types import Array

NUM_SAMPLES = 2500
NUM_DRAWS = 5


def measure_samples(
    gan: GAN,
    dataset: str,
    *,
    num_samples: int,
    seed: int,
    batch_statistics: int | None = None,
    data: TableData | None = None,
) -> dict[str, float]:
    """Measures a generator with fresh latents and real samples in each of five draws, and returns the means.

    Real samples are drawn without replacement in each draw: points from the 100,000 of the test split, digits from the
    training split, the only one with enough.

    Args:
        gan: GAN to measure.
        dataset: `"ring"`, `"grid"` or `"digits"`.
        num_samples: Real and generated samples in a draw.
        seed: Seed of the draws.
        batch_statistics: See `GAN.generate`.
        data: Other data in data of the dataset's.
    """
    source = _source(dataset, data)
    suite = _suite(dataset, source, data)

    def draw(seed: int) -> Mapping[str, float]:
        fake = gan.generate(num_samples, seed, batch_statistics=batch_statistics)
        return _values(suite, source.sample_real(num_samples, seed), fake)

    return _means([draw(i) for i in range(NUM_DRAWS * seed, NUM_DRAWS * (seed + 1))])


def check_data(dataset: str, num_samples: int, data: TableData) -> None:
    """Raises an InputError if there are too few samples for a draw, or the features are not at hand."""
    source = _source(dataset, data)
    if source.num_images < num_samples:
        raise InputError(
            f"The table needs {num_samples:,} samples of the split {PROTOCOLS[dataset].split}. "
            f"Received: {source.num_images:,} of {data.title}"
        )
    _suite(dataset, source, data)


@functools.cache
def real_against_real(
    dataset: str, *, num_samples: int = NUM_SAMPLES, data: TableData | None = None
) -> Mapping[str, float]:
    """Returns the metrics of a perfect generator: two sets of real samples compared, mean of five draws.

    Two sets of digits have no image in common, so each has at most half of them.
    """
    source, size = _source(dataset, data), floor_size(dataset, num_samples, data)
    suite = _suite(dataset, source, data)
    pairs = (np.split(source.sample_real(2 * size, i), 2) for i in range(NUM_DRAWS))
    return _means([_values(suite, *pair) for pair in pairs])


def floor_size(dataset: str, num_samples: int, data: TableData | None) -> int:
    """Returns the samples of each set in `real_against_real`."""
    return min(num_samples, _source(dataset, data).num_images // 2)


def _means(draws: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([draw[name] for draw in draws])) for name in draws[0]}


def _source(dataset: str, data: TableData | None) -> ImageSource:
    protocol, own = PROTOCOLS[dataset], data or TableData(dataset)
    return own.source(split=protocol.split, image_size=protocol.image_size)


def _suite(dataset: str, source: ImageSource, data: TableData | None) -> Suite[Any, Any]:
    protocol, own = PROTOCOLS[dataset], data or TableData(dataset)
    suite = suite_for(source, own.features or protocol.features, name=own.feature_name)
    return dataclasses.replace(suite, metrics=protocol.metrics)


def _values(suite: Suite[Any, Any], real: Array, fake: Array) -> dict[str, float]:
    return {name: float(measurement) for name, measurement in suite.measure(real, fake).items()}
