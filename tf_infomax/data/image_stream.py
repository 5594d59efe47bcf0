"""Datasets on their way to memory or to a cache on disk, read once and in order."""

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tf_infomax.progress import progress_bar
from tf_infomax.sizes import checked_size, size_text
from tf_infomax.types import Array

_QUIET_SECONDS = 3.0

Batches = Iterator[tuple[Array, Array]]
"""Images (B, H, W, C) uint8 and labels (B,) int64, in batches of any size B."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ImageStream:
    """One split of a dataset before it is read.

    Attributes:
        name: Name of the dataset.
        split: Name of the split.
        shape: (N, H, W, C) of all images; fewer than N may come.
        num_classes: K; None if the images have no labels. Labels that turn out negative count as none.
        class_names: The names of the K classes; None where they have none.
        identity: Everything that decides the images and their order, ready for JSON.
        batches: Reads the images in order.
    """

    name: str
    split: str
    shape: tuple[int, int, int, int]
    num_classes: int | None
    class_names: tuple[str, ...] | None = None
    identity: dict[str, Any]
    batches: Callable[[], Batches] = dataclasses.field(repr=False)

    @property
    def size(self) -> str:
        """Height and width of the images as text."""
        return size_text(checked_size(self.shape[1:3]))

    @property
    def num_bytes(self) -> int:
        """Bytes of all pixels."""
        return math.prod(self.shape)

    def with_progress(self) -> Batches:
        """Reads the images in order, with a progress bar on standard error if it takes more than a few seconds."""
        label = f"Reading {self.name}"
        with progress_bar(self.shape[0], unit="image", label=label, quiet_seconds=_QUIET_SECONDS) as bar:
            for images, labels in self.batches():
                yield images, labels
                bar.update(len(images))

    def to_memory(self) -> tuple[Array, Array]:
        """Returns all images (N, H, W, C) uint8 and labels (N,) int64."""
        images, labels = np.empty(self.shape, np.uint8), np.empty(self.shape[0], np.int64)
        start = 0
        for image_batch, label_batch in self.with_progress():
            stop = start + len(image_batch)
            images[start:stop], labels[start:stop] = image_batch, label_batch
            start = stop
        return images[:start], labels[:start]
