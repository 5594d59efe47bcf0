"""Progress of a measurement."""

from collections.abc import Iterable, Iterator

import numpy as np

from tf_infomax.progress import progress_bar
from tf_infomax.types import Array

_QUIET_SECONDS = 3.0


def in_parts(chunks: Iterable[Array], num_samples: int, label: str) -> Iterator[Array]:
    """Passes samples on, with a progress bar on standard error if they take more than a few seconds."""
    with progress_bar(num_samples, unit="sample", label=label, quiet_seconds=_QUIET_SECONDS) as bar:
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
