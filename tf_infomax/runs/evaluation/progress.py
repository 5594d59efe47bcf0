"""Progress of a measurement."""

import sys
from collections.abc import Iterable, Iterator

import numpy as np
import tqdm

from tf_infomax.types import Array

_QUIET_SECONDS = 3.0


def in_parts(chunks: Iterable[Array], num_samples: int, label: str) -> Iterator[Array]:
    """Passes samples on, with a progress bar on standard error if they take more than a few seconds."""
    with tqdm.tqdm(
        total=num_samples,
        desc=label,
        unit="sample",
        delay=_QUIET_SECONDS,
        dynamic_ncols=True,
        mininterval=0.2 if sys.stderr.isatty() else 10.0,
    ) as bar:
        for chunk in chunks:
            yield chunk
            bar.update(len(chunk))


def regrouped(chunks: Iterable[Array], size: int) -> Iterator[Array]:
    """Passes samples on in parts of one size, but for the last."""
    waiting: list[Array] = []
    for chunk in chunks:
        waiting.append(chunk)
        while sum(map(len, waiting)) >= size:
            joined = np.concatenate(waiting)
            yield joined[:size]
            waiting = [joined[size:]]
    rest = np.concatenate(waiting) if waiting else np.empty(0)
    if len(rest):
        yield rest
