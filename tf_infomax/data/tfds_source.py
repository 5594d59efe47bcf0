"""Published datasets, by their names in TensorFlow Datasets."""

import contextlib
import difflib
import json
import os
import shlex
import socket
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from tf_infomax.data.image_source import ImageSource
from tf_infomax.data.image_stream import Batches, ImageStream
from tf_infomax.data.preprocessing import CENTRE_CROPS, prepare_image
from tf_infomax.data.storage import stored_source
from tf_infomax.data.untuned import untuned
from tf_infomax.data.validation import check_num_channels
from tf_infomax.errors import InputError, first_line
from tf_infomax.sizes import ImageSize, checked_size, height_and_width
from tf_infomax.types import Tensor

_READ_BATCH = 256
_CONNECTION_SECONDS = 10.0
# Names of unfinished downloads of TensorFlow Datasets, below its download folder.
_PARTIAL_DOWNLOADS = ("*.tmp.*", "*/*.tmp.*", "extracted/incomplete.*")


def tfds_source(
    name: str,
    *,
    split: str,
    image_size: ImageSize,
    num_channels: int | None = None,
    data_dir: Path | str | None = None,
    cache_dir: Path | str | None = None,
    other_names: Sequence[str] = (),
) -> ImageSource:
    """Reads one split of a dataset, into memory or into a cache on disk; downloads and prepares it first if need be.

    Images are cropped to their centre (`CENTRE_CROPS`) and, unless that has the right size, resized by antialiased
    bilinear interpolation. Labels are those of the feature `label`; a split without classes, or with negative labels as
    in test sets with secret labels, has none.

    Args:
        name: Name, with configuration if any: `"cifar10"`, `"imagenet_resized/32x32"`.
        split: A split of the dataset, a part or a sum: `"train"`, `"train[:50%]"`, `"train+test"`.
        image_size: Height and width (H, W) in pixels, one number where they are equal.
        num_channels: Expected channels of the images (C); any if None.
        data_dir: Folder of the prepared datasets; the default of TensorFlow Datasets if None.
        cache_dir: Folder of the caches on disk; `files.default_cache_dir()` if None.
        other_names: Names of datasets from elsewhere, for the message if there is none called `name`.

    Returns:
        A source of images (H, W, C).

    Raises:
        InputError: There is no such dataset or split, it cannot be prepared, its images are not uint8 or do not have
            the expected channels, or the cache cannot be written.
    """
    image_size = checked_size(image_size)
    data_dir = None if data_dir is None else str(data_dir)
    builder = _find_builder(name, data_dir, other_names)
    image_key = _image_key(name, builder.info.features)
    channels = builder.info.features[image_key].shape[-1]
    check_num_channels(name, channels, received=num_channels)
    _prepare(name, builder, data_dir)
    shape = (_split_size(name, builder, split), *height_and_width(image_size), channels)
    stream = _stream(builder, split, image_key, shape, name=name)
    return stored_source(stream, cache_dir=cache_dir)


def _stream(builder: Any, split: str, image_key: str, shape: tuple[int, int, int, int], *, name: str) -> ImageStream:
    crop, label = CENTRE_CROPS.get(builder.name), _class_label(builder.info.features)
    size = checked_size(shape[1:3])
    # The folder is part of it, and when it was written: one name and version may have different data.
    written = _time_of(os.path.join(builder.data_dir, "dataset_info.json"))
    identity = {
        "dataset": builder.info.full_name,
        "folder": str(builder.data_dir),
        "written": written,
        "split": split,
        "shape": shape,
        "crop": crop,
    }
    return ImageStream(
        name=name,
        split=split,
        shape=shape,
        num_classes=label.num_classes if label else None,
        class_names=tuple(label.names) if label else None,
        identity=identity,
        batches=lambda: _read_batches(builder, split, image_key, size, crop=crop, labelled=label is not None),
    )


def _time_of(path: str) -> int:
    """Returns when a file was written, in nanoseconds; TensorFlow knows whole seconds alone, but other file systems."""
    return os.stat(path).st_mtime_ns if os.path.exists(path) else tf.io.gfile.stat(path).mtime_nsec


def _find_builder(name: str, data_dir: str | None, other_names: Sequence[str]) -> Any:
    try:
        return tfds.builder(name, data_dir=data_dir)
    except tfds.core.DatasetNotFoundError as error:
        raise InputError(f"There is no dataset {name!r}{_known_datasets(name, other_names)}") from error
    except (ValueError, AssertionError) as error:  # A configuration, a version or a spelling that it refuses.
        raise InputError(
            f"TensorFlow Datasets refuses {name!r} ({first_line(error)}){_known_datasets(name, other_names)}"
        ) from error


def _known_datasets(name: str, other_names: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, [*other_names, *tfds.list_builders(with_community_datasets=False)], n=3)
    hint = f": did you mean {' or '.join(map(repr, close))}? " if close else ". "
    built_in = f"Built in: {', '.join(other_names)}; " if other_names else ""
    return f"{hint}{built_in}all others go by their names in TensorFlow Datasets"


def _image_key(name: str, features: Any) -> str:
    """Returns the name of the feature with the images: `image`, or else the only one of that kind."""
    kinds = dict(features.items()) if isinstance(features, tfds.features.FeaturesDict) else {}
    images = [key for key, kind in kinds.items() if isinstance(kind, tfds.features.Image)]
    key = "image" if "image" in images else images[0] if len(images) == 1 else None
    if key is None or kinds[key].np_dtype != np.uint8 or kinds[key].shape[-1] is None:
        raise InputError(f"Dataset {name!r} must have one feature of uint8 images. Its features: {', '.join(kinds)}")
    return key


def _class_label(features: Any) -> Any | None:
    label = features["label"] if "label" in features else None
    return label if isinstance(label, tfds.features.ClassLabel) and label.num_classes else None


def _split_size(name: str, builder: Any, split: str) -> int:
    try:
        if (number := builder.info.splits[split].num_examples) > 0:
            return number
        raise ValueError("it has no images")
    except (KeyError, ValueError) as error:
        splits = ", ".join(builder.info.splits)
        raise InputError(
            f"Dataset {name!r} has the splits {splits}. Received: {split!r} ({first_line(error)})"
        ) from error


def _prepare(name: str, builder: Any, data_dir: str | None) -> None:
    """Downloads and prepares the dataset unless that is done; the leftovers of a failure are removed."""
    if builder.is_prepared():
        return
    downloads = os.path.join(_root_dir(builder), "downloads")
    older = _partial_downloads(downloads)
    try:
        _check_connection(builder)
        builder.download_and_prepare(download_dir=downloads)
    except Exception as error:
        arguments = ", ".join([json.dumps(name)] + ([f"data_dir={json.dumps(data_dir)}"] if data_dir else []))
        code = f"import tensorflow_datasets as tfds; tfds.builder({arguments}).download_and_prepare()"
        raise InputError(
            f"Dataset {name!r} is not prepared in {builder.data_dir} and preparing it failed ({first_line(error)}); "
            f"where there is a network, run: python -c {shlex.quote(code)}"
        ) from error
    finally:
        for path in _partial_downloads(downloads) - older:
            tf.io.gfile.rmtree(path) if tf.io.gfile.isdir(path) else tf.io.gfile.remove(path)


def _check_connection(builder: Any) -> None:
    """Raises a ConnectionError at once if no download can begin; TensorFlow Datasets would try again for minutes."""
    hosts = {urllib.parse.urlparse(url).hostname for url in builder.url_infos or ()} - {None}
    if not hosts or urllib.request.getproxies():
        return
    for host in sorted(hosts):
        with contextlib.suppress(OSError), socket.create_connection((host, 443), timeout=_CONNECTION_SECONDS):
            return
    raise ConnectionError(f"no connection to {', '.join(sorted(hosts))}")


def _root_dir(builder: Any) -> str:
    """Returns the folder of all datasets: `builder.data_dir` without name, configuration and version."""
    root = str(builder.data_dir)
    for _ in builder.info.full_name.split("/"):
        root = os.path.dirname(root)
    return root


def _partial_downloads(downloads: str) -> set[str]:
    return {path for pattern in _PARTIAL_DOWNLOADS for path in tf.io.gfile.glob(os.path.join(downloads, pattern))}


def _read_batches(
    builder: Any, split: str, image_key: str, image_size: ImageSize, *, crop: int | None, labelled: bool
) -> Batches:
    """Yields prepared images and labels in the order of the files."""
    keys = (image_key, "label") if labelled else (image_key,)

    def prepare(example: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        image = prepare_image(example[image_key], image_size, crop=crop)
        return image, example["label"] if labelled else tf.constant(0, tf.int64)

    # Partial decoding: segmentation masks and second images stay encoded.
    decoders = tfds.decode.PartialDecoding(dict.fromkeys(keys, True))
    dataset = builder.as_dataset(split=split, shuffle_files=False, decoders=decoders)
    dataset = dataset.map(prepare, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True).batch(_READ_BATCH)
    yield from untuned(dataset).as_numpy_iterator()
