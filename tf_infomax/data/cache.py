"""Resized images on disk, for datasets that are too large for memory.

A cache is a folder of three files: `images.u8`, the pixels (N, H, W, C) one after the other; `labels.i64`, (N,) in
little-endian order; and `description.json`, which says what they are.
"""

import hashlib
import json
import math
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.data.image_source import ImageSource, tensor_in_memory
from tf_infomax.data.image_stream import ImageStream
from tf_infomax.data.mapped_file import row_reader
from tf_infomax.errors import InputError
from tf_infomax.files import atomic_folder, default_cache_dir, lock_beside, locked, write_json
from tf_infomax.types import Tensor

IMAGES, LABELS, DESCRIPTION = "images.u8", "labels.i64", "description.json"

_LABEL_DTYPE = np.dtype("<i8")
# Increased when the format or the preprocessing of images changes.
_FORMAT = 1


def cached_source(stream: ImageStream, *, cache_dir: Path | str | None = None) -> ImageSource:
    """Reads a dataset into a cache on disk, unless it is there already, and opens the cache.

    The identity of the stream names the cache. It appears under its name when it is complete; leftovers of a killed
    attempt are removed by the next one, and a cache whose files do not have the described sizes is written anew. If
    several processes need the same cache, one writes it and the others wait.

    Args:
        stream: The dataset.
        cache_dir: Folder of all caches; `files.default_cache_dir()` if None.

    Returns:
        A source that reads images from disk on demand.

    Raises:
        InputError: The cache cannot be written; lack of space is noticed before reading begins.
    """
    folder = cache_folder(stream, Path(cache_dir) if cache_dir is not None else default_cache_dir())
    if not is_complete(folder):
        try:
            with locked(lock_beside(folder)):
                if not is_complete(folder):
                    _write(stream, folder)
        except OSError as error:
            raise InputError(
                f"The cache of {stream.name!r} cannot be written to {folder.parent} ({error}): "
                "name another `cache_dir` (--cache-dir)"
            ) from error
    return _open(stream, folder)


def cache_folder(stream: ImageStream, cache_dir: Path) -> Path:
    """Returns the folder of a dataset's cache: a readable name and the digest of its identity."""
    digest = hashlib.sha256(json.dumps([_FORMAT, stream.identity], sort_keys=True).encode()).hexdigest()[:16]
    readable = re.sub(r"\W+", "-", f"{stream.name}-{stream.split}-{stream.size}").strip("-")[:80]
    return cache_dir / f"{readable}-{digest}"


def is_complete(folder: Path) -> bool:
    """Returns whether a folder holds a cache whose files have the sizes that its description gives."""
    try:
        shape = json.loads((folder / DESCRIPTION).read_bytes())["shape"]
        sizes = {IMAGES: math.prod(shape), LABELS: shape[0] * _LABEL_DTYPE.itemsize}
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _open(stream: ImageStream, folder: Path) -> ImageSource:
    description = json.loads((folder / DESCRIPTION).read_bytes())
    num_images, *image_shape = description["shape"]
    num_classes = description["num_classes"]
    read_images = row_reader(folder / IMAGES, tuple(description["shape"]))
    labels = np.fromfile(folder / LABELS, _LABEL_DTYPE).astype(np.int64)
    classes = tensor_in_memory(labels if num_classes is not None else np.zeros_like(labels))

    def lookup_labels(indices: Tensor) -> Tensor:
        return tf.gather(classes, indices)

    def lookup(indices: Tensor) -> tuple[Tensor, Tensor]:
        return read_images(indices), lookup_labels(indices)

    return ImageSource(
        name=stream.name,
        split=stream.split,
        num_images=num_images,
        image_shape=tuple(image_shape),
        num_classes=num_classes,
        class_names=None if num_classes is None else stream.class_names,
        lookup=lookup,
        lookup_labels=lookup_labels,
    )


def _write(stream: ImageStream, folder: Path) -> None:
    # The space of an incomplete cache is needed.
    shutil.rmtree(folder, ignore_errors=True)
    with atomic_folder(folder) as partial:
        _check_space(stream, partial)
        write_json(partial / DESCRIPTION, _fill(stream, partial))


def _fill(stream: ImageStream, folder: Path) -> dict[str, Any]:
    """Writes pixels and labels as they come, and returns the description."""
    num_images, smallest_label = 0, 0
    with (folder / IMAGES).open("wb") as image_file, (folder / LABELS).open("wb") as label_file:
        for images, labels in stream.with_progress():
            image_file.write(np.ascontiguousarray(images, np.uint8).data)
            label_file.write(labels.astype(_LABEL_DTYPE).tobytes())
            num_images, smallest_label = num_images + len(images), min(smallest_label, labels.min())
    return {
        "shape": [num_images, *stream.shape[1:]],
        "num_classes": stream.num_classes if smallest_label >= 0 else None,
        "identity": stream.identity,
    }


def _check_space(stream: ImageStream, folder: Path) -> None:
    needed, free = stream.num_bytes + stream.shape[0] * _LABEL_DTYPE.itemsize, shutil.disk_usage(folder).free
    if needed > free:
        raise InputError(
            f"The cache of {stream.name!r}, split {stream.split!r}, at {stream.size} pixels needs "
            f"{needed / 2**30:.1f} GiB in {folder.parent}, where {free / 2**30:.1f} GiB are free: make room, name "
            "another `cache_dir` (--cache-dir), or choose a smaller image size or a part of the split"
        )
