"""Images at hand, written as a dataset that TensorFlow Datasets, and so every preset, reads by its name."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds
from tensorflow_datasets.core.dataset_builders.adhoc_builder import AdhocBuilder

from tf_infomax.data.gaussian_mixture import MIXTURES
from tf_infomax.data.given_splits import GivenSplit, read_splits
from tf_infomax.data.sources import OWN_SOURCES
from tf_infomax.errors import InputError
from tf_infomax.files import atomic_folder
from tf_infomax.types import Array

OWN_VERSION = "1.0.0"
"""Version of datasets that TensorFlow Datasets has none of."""


class Prepared(NamedTuple):
    """A dataset on disk.

    Attributes:
        full_name: Name and version, such as `"mnist/3.0.1"`.
        data_dir: Folder to pass as `data_dir`.
        num_images: Numbers of images by split.
    """

    full_name: str
    data_dir: Path
    num_images: Mapping[str, int]


class _Form(NamedTuple):
    """What a dataset's examples look like: version, features, and names of the classes, None without labels."""

    version: str
    features: Any
    class_names: Sequence[str] | None


def prepare_dataset(
    name: str, source: Path | str, *, data_dir: Path | str | None = None, overwrite: bool = False
) -> Prepared:
    """Writes images of your own under the name of a dataset.

    Under a name of TensorFlow Datasets, such as `"mnist"`, they have its version and features, so that whatever reads
    that dataset reads them; images and classes must then be like its own. Other names are free, but for those of the
    datasets that are built in. The dataset appears, or replaces the one before, when it is complete.

    Args:
        name: Name of the dataset.
        source: An .npz file or a folder, see `read_splits`.
        data_dir: Folder of the prepared datasets; the default of TensorFlow Datasets if None.
        overwrite: Whether to replace a dataset of that name and version.

    Returns:
        Where it is, and how many images it has.

    Raises:
        InputError: The source or the name cannot be used, the images are not like those of the dataset, or it is there
            already.
        NotWritten: The disk is full, read-only or damaged; a dataset before is still there.
    """
    if name in (built_in := (*OWN_SOURCES, *MIXTURES)):
        raise InputError(
            f"`name` must be none of the datasets that are built in, {', '.join(built_in)}. Received: {name}"
        )
    splits = read_splits(source)
    form = _known_form(name, splits) or _own_form(splits)
    root = tfds.core.constants.DATA_DIR if data_dir is None else data_dir
    place = Path(os.path.expanduser(root)) / name / form.version
    if place.exists() and not overwrite:
        raise InputError(f"{place} is there already; --overwrite replaces it.")
    with atomic_folder(place) as partial:
        written = _write(name, form, splits, partial, description=f"Prepared by tf-infomax from {Path(source).name}.")
        for path in written.iterdir():
            path.rename(partial / path.name)
        shutil.rmtree(partial / name)
    counts = {split: given.num_images for split, given in splits.items()}
    return Prepared(f"{name}/{form.version}", place.parents[1], counts)


def _write(name: str, form: _Form, splits: Mapping[str, GivenSplit], root: Path, *, description: str) -> Path:
    """Writes a dataset below a folder and returns the folder with its files."""
    builder = AdhocBuilder(
        name=name,
        version=form.version,
        features=form.features,
        split_datasets={split: _examples(split, given, form) for split, given in splits.items()},
        data_dir=str(root),
        description=description,
    )
    builder.download_and_prepare()
    return Path(builder.data_dir)


def _known_form(name: str, splits: Mapping[str, GivenSplit]) -> _Form | None:
    """Returns the form of a dataset of TensorFlow Datasets, None if it has no code for one of that name."""
    try:
        tfds.builder_cls(name)  # A folder of that name, which `builder` finds too, may be one of your own.
        builder = tfds.builder(name, try_gcs=False)
    except tfds.core.DatasetNotFoundError:
        return None
    except ValueError as error:
        raise InputError(
            f"`name` must be that of a dataset in TensorFlow Datasets, or letters, digits and underscores. "
            f"Received: {name}"
        ) from error
    if builder.builder_config is not None:
        raise InputError(f"`name` must be a dataset without configurations, or one of your own. Received: {name}")
    features = builder.info.features
    if others := features.keys() - {"image", "label", "id"} or {"image"} - features.keys():
        raise InputError(
            f"`name` must be a dataset of images and labels, or one of your own. "
            f"Received: {name}, of TensorFlow Datasets, with {', '.join(sorted(others or features.keys()))}"
        )
    names = _known_classes(features, splits)
    for split, given in splits.items():
        _check_like(name, split, given, features["image"].shape, names)
    parts = dict(features.items())
    if names is not None:
        parts["label"] = tfds.features.ClassLabel(names=names)
    return _Form(str(builder.version), tfds.features.FeaturesDict(parts), names)


def _known_classes(features: Any, splits: Mapping[str, GivenSplit]) -> Sequence[str] | None:
    """Returns a dataset's names of classes; those of the folders where it learns them from its download alone."""
    if "label" not in features:
        return None
    names = tuple(features["label"].names)
    given = next(iter(splits.values())).class_names
    unnamed = names == tuple(map(str, range(len(names))))
    return given if unnamed and given is not None and len(given) == len(names) else names


def _check_like(
    name: str, split: str, given: GivenSplit, shape: tuple[int | None, ...], class_names: Sequence[str] | None
) -> None:
    """Raises an InputError unless a split is like those of a dataset."""
    differ = [size for size, wanted in zip(given.shape[:2], shape[:2]) if wanted and size not in (None, wanted)]
    grey_for_colour = given.shape[0] is not None and given.shape[2] != shape[2]
    if differ or grey_for_colour:
        raise InputError(f"Images of {name} are {shape}. Received: {given.shape} in {split}")
    if class_names is None:
        return
    if given.labels is None:
        raise InputError(f"Images of {name} have labels. Received: none in {split}")
    if given.class_names is not None and set(given.class_names) != set(class_names):
        raise InputError(
            f"Classes of {name} are {', '.join(class_names)}. Received: {', '.join(given.class_names)} in {split}"
        )
    if given.labels.max() >= len(class_names):
        raise InputError(
            f"Labels of {name} must be below {len(class_names)}. Received: {given.labels.max()} in {split}"
        )


def _own_form(splits: Mapping[str, GivenSplit]) -> _Form:
    """Returns a form that fits all splits."""
    first, *others = splits.values()
    shape: tuple[int | None, ...] = first.shape
    names = _own_classes(splits)
    for other in others:
        if other.shape[2] != shape[2]:
            raise InputError(f"All splits must have the same channels. Received: {shape[2]} and {other.shape[2]}")
        shape = shape if other.shape == shape else (None, None, shape[2])
    features: dict[str, Any] = {"image": tfds.features.Image(shape=shape)}
    if names is not None:
        features["label"] = tfds.features.ClassLabel(names=names)
    return _Form(OWN_VERSION, tfds.features.FeaturesDict(features), names)


def _own_classes(splits: Mapping[str, GivenSplit]) -> Sequence[str] | None:
    labelled = {split: given.labels is not None for split, given in splits.items()}
    if len(set(labelled.values())) > 1:
        without = next(split for split, has in labelled.items() if not has)
        raise InputError(f"All splits must have labels, or none. Received: none in {without} alone")
    first = next(iter(splits.values()))
    if first.labels is None:
        return None
    for split, given in splits.items():
        if given.class_names != first.class_names:
            raise InputError(f"All splits must have the same classes. Received: others in {split}")
    count = 1 + max(int(given.labels.max()) for given in splits.values() if given.labels is not None)
    return first.class_names or tuple(map(str, range(count)))


def _examples(split: str, given: GivenSplit, form: _Form) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields the examples of a split with their numbers."""
    shape, numbers = form.features["image"].shape, _class_numbers(given, form)
    for number, image in enumerate(given.images()):
        example: dict[str, Any] = {"image": _with_channels(image, shape[-1])}
        if any(size not in (None, own) for size, own in zip(shape, example["image"].shape)):
            raise InputError(f"Images must be {shape}. Received: {image.shape}, number {number} of {split}")
        if "id" in form.features:
            example["id"] = f"{split}_{number:05d}"
        if numbers is not None:
            example["label"] = int(numbers[number])
        yield number, example


def _with_channels(image: Array, channels: int) -> Array:
    """Returns a colour image in shades of grey where they are wanted."""
    if image.shape[-1] == channels:
        return image
    return np.asarray(tf.image.rgb_to_grayscale(image))


def _class_numbers(given: GivenSplit, form: _Form) -> Array | None:
    """Returns labels by the dataset's order of classes; folders are sorted by name."""
    if form.class_names is None or given.labels is None:
        return None
    if given.class_names is None:
        return given.labels
    order = {name: number for number, name in enumerate(form.class_names)}
    return np.array([order[name] for name in given.class_names])[given.labels]
