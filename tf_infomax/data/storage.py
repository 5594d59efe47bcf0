"""Storage of a dataset while it is used: memory, or a cache on disk if it is large."""

from pathlib import Path

from tf_infomax.data.cache import cached_source
from tf_infomax.data.image_source import ImageSource, image_source_from_arrays
from tf_infomax.data.image_stream import ImageStream

MEMORY_LIMIT_BYTES = 4 * 2**30
"""The largest split that is kept in memory, in bytes of uint8 pixels after resizing."""


def stored_source(stream: ImageStream, *, cache_dir: Path | str | None = None) -> ImageSource:
    """Reads a dataset into memory, or into a cache on disk if it is larger than `MEMORY_LIMIT_BYTES`.

    Args:
        stream: The dataset.
        cache_dir: Folder of the caches; `files.default_cache_dir()` if None.

    Returns:
        The source; the same images in the same order from either place.

    Raises:
        InputError: The dataset has no image that can be read, or the cache cannot be written.
    """
    if stream.num_bytes > MEMORY_LIMIT_BYTES:
        return cached_source(stream, cache_dir=cache_dir)
    images, labels = stream.to_memory()
    if stream.num_classes is None or labels.min() < 0:
        return image_source_from_arrays(images, name=stream.name, split=stream.split)
    return image_source_from_arrays(
        images,
        labels,
        name=stream.name,
        split=stream.split,
        num_classes=stream.num_classes,
        class_names=stream.class_names,
    )
