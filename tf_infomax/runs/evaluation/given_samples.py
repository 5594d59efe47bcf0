"""Samples that another program drew: a folder of images, or an archive."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tf_infomax.data import ImageSource, image_source_from_arrays
from tf_infomax.data.archives import opened_arrays
from tf_infomax.data.decoding import UnreadableImage, is_grey, read_image
from tf_infomax.data.folder import folder_source
from tf_infomax.data.image_files import find_images
from tf_infomax.data.parallel import in_order
from tf_infomax.data.point_source import source_from_points
from tf_infomax.errors import InputError
from tf_infomax.runs.evaluation.samples import GeneratedSamples
from tf_infomax.sizes import ImageSize, checked_size
from tf_infomax.types import Array

IMAGES, POINTS = "images", "points"
"""Names of the arrays in an archive."""
_READ_BATCH = 1000


class GivenSamples(GeneratedSamples):
    """A fixed set of samples, of which each seed draws a part without replacement.

    Args:
        path: The folder or the archive.
        kind: `"folder"` or `"npz"`.
        source: The samples.
    """

    def __init__(self, path: Path, kind: str, source: ImageSource) -> None:
        self.path = path
        self.kind = kind
        self.source = source
        self.sample_shape = source.image_shape

    @property
    def num_samples(self) -> int:
        return self.source.num_images

    def draw(self, num_samples: int, seed: int) -> Iterator[Array]:
        indices = self.source.draw(num_samples, seed)
        for start in range(0, num_samples, _READ_BATCH):
            yield self.source.images_at(indices[start : start + _READ_BATCH])

    def origin(self) -> dict[str, Any]:
        digest = hashlib.sha256()
        for start in range(0, self.source.num_images, _READ_BATCH):
            indices = np.arange(start, min(start + _READ_BATCH, self.source.num_images))
            digest.update(self.source.images_at(indices).tobytes())
        return {"samples_sha256": digest.hexdigest(), "sampler": {"samples": self.source.num_images}}


def folder_samples(path: Path, *, cache_dir: str | None = None) -> GivenSamples:
    """Opens a folder of images, such as `tf-infomax sample RUN --output-folder` writes.

    Raises:
        InputError: The folder has no images, or they are not all of one size.
    """
    size, channels = _common_shape(path)
    source = folder_source(path, split="train", image_size=size, num_channels=channels, cache_dir=cache_dir)
    return GivenSamples(path, "folder", source)


def _common_shape(path: Path) -> tuple[ImageSize, int]:
    """Returns the size and the channels of the images of a folder: one channel if all of them are grey."""
    files = find_images(path)
    try:
        sizes = set(in_order(lambda name: read_image(files.folder / name).shape[:2], files.paths))
    except UnreadableImage as error:
        raise InputError(f"{path} has an image that cannot be read ({error})") from error
    if len(sizes) > 1:
        received = ", ".join(sorted(f"{height}x{width}" for height, width in sizes)[:5])
        raise InputError(f"The images in {path} must be of one size. Received: {received}")
    all_grey = all(is_grey((files.folder / name).read_bytes()) for name in files.paths)  # The first in colour decides.
    return checked_size(sizes.pop()), 1 if all_grey else 3


def archive_samples(path: Path) -> GivenSamples:
    """Opens an `.npz` with the array `images` (N, H, W, C) uint8, or `points` (N, D) float32; or with one array alone.

    Raises:
        InputError: The archive cannot be read, or has no such array.
    """
    samples = _read_samples(path)
    if samples.ndim == 2 and np.issubdtype(samples.dtype, np.floating):
        source = source_from_points(samples.astype(np.float32), name=path.stem, split="given")
    else:
        source = image_source_from_arrays(samples, name=path.stem, split="given")
    return GivenSamples(path, "npz", source)


def _read_samples(path: Path) -> Array:
    with opened_arrays(path) as archive:
        names = [name for name in (IMAGES, POINTS) if name in archive.files] or archive.files
        if names == archive.files and len(names) != 1:
            raise InputError(f"{path} must have the array `images` or `points`. Received: {', '.join(names)}")
        return archive[names[0]]
