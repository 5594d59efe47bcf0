"""Folders of images, with or without a sub-folder for each class."""

import dataclasses
import logging
from pathlib import Path

import numpy as np

from tf_infomax.data.image_files import ImageFiles, find_images
from tf_infomax.data.image_reader import read_images
from tf_infomax.data.image_source import ImageSource
from tf_infomax.data.image_stream import Batches, ImageStream
from tf_infomax.data.storage import stored_source
from tf_infomax.errors import InputError
from tf_infomax.files import printable
from tf_infomax.sizes import ImageSize, checked_size, height_and_width

SPLIT = "train"
_NAMED_FILES = 5
# Increased when other pixels are read from the same files.
_DECODING = 2

# Programs configure no logging: a warning is then one plain line on standard error.
_logger = logging.getLogger(__name__)


def folder_source(
    data_dir: Path | str | None,
    *,
    split: str,
    image_size: ImageSize,
    num_channels: int | None = None,
    cache_dir: Path | str | None = None,
    skip_unreadable: bool = False,
) -> ImageSource:
    """Reads the images of a folder, into memory or into a cache on disk.

    Images are in the folder itself and have no labels, or they are anywhere below its sub-folders, whose sorted names
    are the classes 0 to K - 1. They may have any size: each is turned as its EXIF data say, laid on white where it is
    transparent, cropped to its centre of the right proportions and resized by antialiased bilinear interpolation. All
    frames of an animation but the first are ignored, and so are hidden files. A split other than `"train"` is the
    folder of that name beside this one, with the same classes.

    Images of other formats than `decoding.SUFFIXES` get a notice with their number, and so do links that would read a
    folder twice.

    Args:
        data_dir: The folder.
        split: `"train"`, the folder; or the name of the folder beside it, such as `"val"`.
        image_size: Height and width (H, W) in pixels, one number where they are equal.
        num_channels: C: 3 (also if None), or 1 for shades of grey.
        cache_dir: Folder of the caches on disk; `files.default_cache_dir()` if None.
        skip_unreadable: Whether files that cannot be read are left out, with a warning: damaged ones, and what is no
            regular file.

    Returns:
        A source of images (H, W, C), in the sorted order of their paths.

    Raises:
        InputError: The folder does not exist, has no images, has images both in itself and in sub-folders, or has a
            sub-folder without images; the split has other classes than the folder; or a file cannot be read, unless
            such files are skipped.
    """
    image_size = checked_size(image_size)
    if num_channels not in (None, 1, 3):
        raise InputError(f"`num_channels` must be 1 or 3 for folder. Received: {num_channels}")
    files = _files_of_split(data_dir, split)
    _tell_what_is_left_out(files)
    digest = files.digest()
    unreadable: list[str] = []
    stream = _stream(files, split, image_size, num_channels or 3, skip_unreadable, unreadable, digest)
    source = stored_source(stream, cache_dir=cache_dir)
    num_missing = len(files.paths) - source.num_images
    if num_missing:
        # A cache from an earlier run does not hold their names.
        first = f", the first of them {unreadable[0]}" if unreadable else ""
        _logger.warning("warning: %s and are left out%s", _count(files, num_missing), first)
    return dataclasses.replace(source, files_digest=digest)


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


def _stream(
    files: ImageFiles,
    split: str,
    image_size: ImageSize,
    num_channels: int,
    skip_unreadable: bool,
    unreadable: list[str],
    digest: str,
) -> ImageStream:
    shape = (len(files.paths), *height_and_width(image_size), num_channels)
    return ImageStream(
        name="folder",
        split=split,
        shape=shape,
        num_classes=len(files.class_names) if files.class_names else None,
        class_names=files.class_names,
        identity={
            "dataset": "folder",
            "path": str(files.folder),
            "files": digest,
            "decoding": _DECODING,
            "shape": shape,
            "skip_unreadable": skip_unreadable,
        },
        batches=lambda: _read_batches(files, image_size, num_channels, skip_unreadable, unreadable),
    )


def _read_batches(
    files: ImageFiles, image_size: ImageSize, num_channels: int, skip_unreadable: bool, unreadable: list[str]
) -> Batches:
    """Yields one prepared image at a time, and adds the files that cannot be read to `unreadable`."""
    images = read_images(files.folder, files.paths, image_size, num_channels)
    for path, label, image in zip(files.paths, files.labels, images, strict=True):
        if image is None:
            unreadable.append(printable(path))
        else:
            yield image[np.newaxis], np.array([label], np.int64)
    if unreadable and not (skip_unreadable and len(unreadable) < len(files.paths)):
        more = ", ..." if len(unreadable) > _NAMED_FILES else ""
        remedy = "" if skip_unreadable else "; remove them, or pass `skip_unreadable` (--skip-unreadable)"
        raise InputError(f"{_count(files, len(unreadable))}: {', '.join(unreadable[:_NAMED_FILES])}{more}{remedy}")


def _count(files: ImageFiles, num_unreadable: int) -> str:
    return f"{num_unreadable} of the {len(files.paths)} images in {files.folder} cannot be read"


def _tell_what_is_left_out(files: ImageFiles) -> None:
    """Gives a notice of images of other formats, and one of links."""
    if files.others:
        counts = ", ".join(f"{number} {suffix}" for suffix, number in sorted(files.others.items()))
        _logger.warning("warning: images in %s of formats that are not read are left out: %s", files.folder, counts)
    if files.links:
        more = f" and {len(files.links) - 1} more" if len(files.links) > 1 else ""
        _logger.warning(
            "warning: in %s the link %s%s leads to a folder that is read already or holds this one, and is left out",
            *(files.folder, printable(files.links[0]), more),
        )
