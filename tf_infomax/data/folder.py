"""Folders of images, with or without a sub-folder for each class."""

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.data.image_source import ImageSource
from tf_infomax.data.image_stream import Batches, ImageStream
from tf_infomax.data.preprocessing import prepare_image
from tf_infomax.data.storage import stored_source
from tf_infomax.data.untuned import untuned
from tf_infomax.errors import InputError, check_positive
from tf_infomax.types import Tensor

SPLIT = "train"
SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif") + ((".webp",) if hasattr(tf.io, "decode_webp") else ())
"""Suffixes of image files, in lower or upper case; other files are ignored."""

_NAMED_FILES = 5

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ImageFiles:
    """The images of a folder.

    Attributes:
        folder: The folder.
        paths: The N files relative to it, sorted.
        class_names: The sorted names of the K sub-folders; None if the images are in the folder itself.
    """

    folder: Path
    paths: tuple[str, ...]
    class_names: tuple[str, ...] | None

    @property
    def labels(self) -> list[int]:
        """The number of each file's sub-folder; zeros if there are no classes."""
        if self.class_names is None:
            return [0] * len(self.paths)
        numbers = {name: number for number, name in enumerate(self.class_names)}
        return [numbers[Path(path).parts[0]] for path in self.paths]

    def digest(self) -> str:
        """Returns a digest of the names, sizes and times of the files."""
        stats = [os.stat(self.folder / path) for path in self.paths]
        files = [[path, stat.st_size, stat.st_mtime_ns] for path, stat in zip(self.paths, stats, strict=True)]
        return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def folder_source(
    data_dir: Path | str | None,
    *,
    split: str,
    image_size: int,
    num_channels: int | None = None,
    cache_dir: Path | str | None = None,
    skip_unreadable: bool = False,
) -> ImageSource:
    """Reads the images of a folder, into memory or into a cache on disk.

    Images are in the folder itself and have no labels, or they are anywhere below its sub-folders, whose sorted names
    are the classes 0 to K - 1. They may have any size: each is cropped to its central square and resized by antialiased
    bilinear interpolation. Transparency, the orientation in EXIF data and all frames of an animation but the first are
    ignored, and so are hidden files and files without one of `SUFFIXES`. A split other than `"train"` is the folder of
    that name beside this one, with the same classes.

    Args:
        data_dir: The folder.
        split: `"train"`, the folder; or the name of the folder beside it, such as `"val"`.
        image_size: Height and width in pixels.
        num_channels: C: 3 (also if None), or 1 for shades of grey.
        cache_dir: Folder of the caches on disk; `files.default_cache_dir()` if None.
        skip_unreadable: Whether files that cannot be decoded are left out, with a warning.

    Returns:
        A source of images (image_size, image_size, C), in the sorted order of their paths.

    Raises:
        InputError: The folder does not exist, has no images, has images both in itself and in sub-folders, or has a
            sub-folder without images; the split has other classes than the folder; or a file cannot be decoded, unless
            such files are skipped.
    """
    check_positive(image_size=image_size)
    if num_channels not in (None, 1, 3):
        raise InputError(f"`num_channels` must be 1 or 3 for folder. Received: {num_channels}")
    files = _files_of_split(data_dir, split)
    unreadable: list[str] = []
    stream = _stream(files, split, image_size, num_channels or 3, skip_unreadable, unreadable)
    source = stored_source(stream, cache_dir=cache_dir)
    num_missing = len(files.paths) - source.num_images
    if num_missing:
        # A cache from an earlier run does not hold their names.
        first = f", the first of them {unreadable[0]}" if unreadable else ""
        _logger.warning("warning: %s and are left out%s", _count(files, num_missing), first)
    return source


def _files_of_split(data_dir: Path | str | None, split: str) -> ImageFiles:
    files = find_images(data_dir)
    if split == SPLIT:
        return files
    beside = files.folder.parent / split
    if not split or not beside.is_dir():
        raise InputError(
            f"Dataset 'folder' has the split {SPLIT!r}, and others as folders beside {files.folder}. "
            f"Received: {split!r}"
        )
    others = find_images(beside)
    if others.class_names != files.class_names:
        raise InputError(f"{beside} must have the same classes as {files.folder}.")
    return others


def find_images(data_dir: Path | str | None) -> ImageFiles:
    """Lists the images of a folder.

    Raises:
        InputError: The folder does not hold images as `folder_source` needs them.
    """
    if data_dir is None or not Path(data_dir).is_dir():
        received = None if data_dir is None else str(data_dir)
        raise InputError(
            f"Dataset 'folder' needs a folder with images as `data_dir` (--data-dir). Received: {received!r}"
        )
    folder = Path(data_dir).resolve()
    children = [child for child in sorted(folder.iterdir()) if not child.name.startswith(".")]
    direct = tuple(child.name for child in children if _is_image(child.name) and child.is_file())
    by_class = {child.name: _images_below(folder, child) for child in children if child.is_dir()}
    nested = tuple(sorted(path for paths in by_class.values() for path in paths))
    if direct and nested:
        raise InputError(
            f"{folder} must have its images either in itself or in one sub-folder for each class. "
            f"Received: both {direct[0]} and {nested[0]}"
        )
    if not direct and not nested:
        raise InputError(f"{folder} has no images: no file in it ends with {', '.join(SUFFIXES)}")
    if direct:
        return ImageFiles(folder, direct, None)
    empty = [name for name, paths in by_class.items() if not paths]
    if empty:
        raise InputError(f"Each sub-folder of {folder} is a class and must have images. Received: {empty[0]}, empty")
    return ImageFiles(folder, nested, tuple(sorted(by_class)))


def _is_image(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def _images_below(folder: Path, child: Path) -> list[str]:
    """Returns the paths of images below a sub-folder, relative to the folder."""
    found = []
    for place, subfolders, names in os.walk(child, followlinks=True):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        found += [os.path.relpath(os.path.join(place, name), folder) for name in names if _is_image(name)]
    return found


def _stream(
    files: ImageFiles, split: str, image_size: int, num_channels: int, skip_unreadable: bool, unreadable: list[str]
) -> ImageStream:
    shape = (len(files.paths), image_size, image_size, num_channels)
    return ImageStream(
        name="folder",
        split=split,
        shape=shape,
        num_classes=len(files.class_names) if files.class_names else None,
        class_names=files.class_names,
        identity={
            "dataset": "folder",
            "path": str(files.folder),
            "files": files.digest(),
            "shape": shape,
            "skip_unreadable": skip_unreadable,
        },
        batches=lambda: _read_batches(files, image_size, num_channels, skip_unreadable, unreadable),
    )


def _read_batches(
    files: ImageFiles, image_size: int, num_channels: int, skip_unreadable: bool, unreadable: list[str]
) -> Batches:
    """Yields one prepared image at a time, and adds the files that cannot be decoded to `unreadable`."""

    def read(path: Tensor) -> Tensor:
        return prepare_image(decode_image(tf.io.read_file(path), num_channels), image_size)

    dataset = tf.data.Dataset.from_tensor_slices([str(files.folder / path) for path in files.paths])
    images = iter(untuned(dataset.map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)))
    for path, label in zip(files.paths, files.labels, strict=True):
        try:
            image = next(images).numpy()
        except tf.errors.OpError:  # The next call gives the next image.
            unreadable.append(path)
        else:
            yield image[np.newaxis], np.array([label], np.int64)
    if unreadable and not (skip_unreadable and len(unreadable) < len(files.paths)):
        more = ", ..." if len(unreadable) > _NAMED_FILES else ""
        remedy = "" if skip_unreadable else "; remove them, or pass `skip_unreadable` (--skip-unreadable)"
        raise InputError(f"{_count(files, len(unreadable))}: {', '.join(unreadable[:_NAMED_FILES])}{more}{remedy}")


def decode_image(contents: Tensor, num_channels: int) -> Tensor:
    """Decodes the contents of a file of any format to (H, W, num_channels) uint8; `num_channels` is 1 or 3."""
    # Always to three channels: not all formats can be decoded to one, and an animated WebP file corrupts memory if
    # TensorFlow chooses their number.
    colour = tf.io.decode_image(contents, channels=3, expand_animations=False)
    return colour if num_channels == 3 else tf.image.rgb_to_grayscale(colour)


def _count(files: ImageFiles, num_unreadable: int) -> str:
    return f"{num_unreadable} of the {len(files.paths)} images in {files.folder} cannot be decoded"
