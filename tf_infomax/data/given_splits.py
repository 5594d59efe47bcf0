"""Splits of images as people have them: arrays in an .npz file, or a folder with a folder for each split."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tf_infomax.data.archives import opened_arrays
from tf_infomax.data.decoding import UnreadableImage, read_image
from tf_infomax.data.image_files import ImageFiles, find_images
from tf_infomax.data.parallel import in_order
from tf_infomax.errors import InputError
from tf_infomax.files import printable
from tf_infomax.types import Array

_NAMES = (re.compile(r"(?P<kind>[xy])_(?P<split>\w+)"), re.compile(r"(?P<split>\w+)_(?P<kind>images|labels)"))
"""Names of arrays: `x_train` and `y_train`, as Keras has them, or `train_images` and `train_labels`, as MedMNIST."""


_SPLIT_NAME = re.compile(r"[\w-]+", re.ASCII)
"""What TensorFlow Datasets reads as the name of a split."""


@dataclass(frozen=True)
class GivenSplit:
    """Images and labels of one split.

    Attributes:
        images: Returns an iterator over the N images, (H, W, C) uint8 with C 1 or 3; raises an `InputError` at the
            first that cannot be read.
        num_images: N.
        shape: (H, W, C); H and W are None for files, whose sizes may differ.
        labels: (N,) int64; None without labels.
        class_names: Names of the classes 0 to K - 1; None if they have none.
    """

    images: Callable[[], Iterator[Array]]
    num_images: int
    shape: tuple[int | None, int | None, int]
    labels: Array | None = None
    class_names: tuple[str, ...] | None = None


def read_splits(source: Path | str) -> dict[str, GivenSplit]:
    """Reads splits from an .npz file or a folder.

    Args:
        source: An .npz file with images `x_SPLIT` (N, H, W) or (N, H, W, C) uint8 and labels `y_SPLIT` (N,) or (N, 1),
            or `SPLIT_images` and `SPLIT_labels`; or a folder with a folder for each split, which holds images, or
            sub-folders of them by class. Labels are optional.

    Returns:
        Splits by name, in the order of the file or of the sorted names.

    Raises:
        InputError: The source holds nothing like it.
    """
    source = Path(source)
    if source.is_dir():
        return _splits_of_folder(source)
    if source.is_file():
        return _splits_of_arrays(source)
    raise InputError(f"`source` must be an .npz file or a folder. Received: {source}, which does not exist")


def _splits_of_arrays(path: Path) -> dict[str, GivenSplit]:
    images: dict[str, Array] = {}
    labels: dict[str, Array] = {}
    with opened_arrays(path) as archive:
        for name in archive.files:
            if match := next(filter(None, (pattern.fullmatch(name) for pattern in _NAMES)), None):
                kind = images if match["kind"] in ("x", "images") else labels
                kind[match["split"]] = archive[name]
    if not images:
        raise InputError(f"{path} must hold arrays x_SPLIT, such as x_train, or SPLIT_images. Received: neither")
    return {split: _split_of_arrays(path, split, array, labels.get(split)) for split, array in images.items()}


def _split_of_arrays(path: Path, split: str, images: Array, labels: Array | None) -> GivenSplit:
    if images.dtype != np.uint8 or images.ndim not in (3, 4) or not len(images):
        raise InputError(
            f"Images of {split} in {path} must be (N, H, W) or (N, H, W, C) uint8. "
            f"Received: {images.shape} {images.dtype}"
        )
    images = images[..., np.newaxis] if images.ndim == 3 else images
    if images.shape[-1] not in (1, 3):
        raise InputError(f"Images of {split} in {path} must have 1 or 3 channels. Received: {images.shape[-1]}")
    height, width, channels = images.shape[1:]
    return GivenSplit(
        images=lambda: iter(images),
        num_images=len(images),
        shape=(height, width, channels),
        labels=None if labels is None else _checked_labels(path, split, labels, len(images)),
    )


def _checked_labels(path: Path, split: str, labels: Array, count: int) -> Array:
    flat = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if flat.shape != (count,) or not np.issubdtype(flat.dtype, np.integer) or flat.min() < 0:
        raise InputError(
            f"Labels of {split} in {path} must be {count} whole numbers from 0. Received: {labels.shape} {labels.dtype}"
        )
    return flat.astype(np.int64)


def _splits_of_folder(folder: Path) -> dict[str, GivenSplit]:
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if not names:
        raise InputError(f"{folder} must hold a folder for each split, such as train. Received: no folders")
    if odd := [name for name in names if not _SPLIT_NAME.fullmatch(name)]:
        raise InputError(
            f"Names of splits must be letters, digits, underscores and hyphens. "
            f"Received: {printable(odd[0])} in {folder}"
        )
    return {name: _split_of_files(find_images(folder / name)) for name in names}


def _split_of_files(files: ImageFiles) -> GivenSplit:
    return GivenSplit(
        images=lambda: _decoded(files),
        num_images=len(files.paths),
        shape=(None, None, 3),
        labels=None if files.class_names is None else np.array(files.labels, np.int64),
        class_names=files.class_names,
    )


def _decoded(files: ImageFiles) -> Iterator[Array]:
    def read(name: str) -> Array:
        try:
            return read_image(files.folder / name)
        except UnreadableImage as error:
            raise InputError(f"An image of {files.folder} cannot be read: {printable(str(error))}") from error

    return in_order(read, files.paths)
