"""Published datasets, by their names in TensorFlow Datasets."""

import contextlib
import difflib
import json
import math
import os
import shlex
import socket
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from tf_infomax.data.image_source import ImageSource, image_source_from_arrays
from tf_infomax.errors import InputError
from tf_infomax.types import Array, Tensor

MEMORY_LIMIT_BYTES = 4 * 2**30
"""The largest split that is read to memory, in bytes of uint8 pixels after resizing."""

_READ_BATCH = 256
_CONNECTION_SECONDS = 10.0
# How TensorFlow Datasets calls what it has not finished, below its download folder.
_PARTIAL_DOWNLOADS = ("*.tmp.*", "*/*.tmp.*", "extracted/incomplete.*")


def tfds_source(
    name: str, *, split: str, image_size: int, data_dir: str | None = None, other_names: Sequence[str] = ()
) -> ImageSource:
    """Reads one split of a dataset to memory; downloads and prepares the dataset first if need be.

    Images are cut to their central square and, unless that has the right size, resized by antialiased bilinear
    interpolation. Labels are those of the feature `label`; a split without classes, or with negative labels as in test
    sets that keep them secret, has none.

    Args:
        name: Name, with configuration if any: `"cifar10"`, `"imagenet_resized/32x32"`.
        split: A split of the dataset or a part of one: `"train"`, `"train[:50%]"`.
        image_size: Height and width in pixels.
        data_dir: Folder of the prepared datasets; the default of TensorFlow Datasets if None.
        other_names: Datasets from elsewhere, to name when there is none called `name`.

    Returns:
        A source of images (image_size, image_size, C).

    Raises:
        InputError: If there is no such dataset or split, it cannot be prepared, has no uint8 images, or needs more than
            `MEMORY_LIMIT_BYTES`.
    """
    if image_size < 1:
        raise InputError(f"The image size must be at least 1 pixel. Received: {image_size}")
    builder = _find_builder(name, data_dir, other_names)
    image_key = _image_key(name, builder.info.features)
    _prepare(name, builder, data_dir)
    shape = (_split_size(name, builder, split), image_size, image_size, builder.info.features[image_key].shape[-1])
    _check_memory(name, split, shape)
    num_classes = _num_classes(builder.info.features)
    images, labels = _read_images(builder, split, image_key, shape, labelled=num_classes is not None)
    if labels is not None and labels.min() < 0:
        labels, num_classes = None, None
    return image_source_from_arrays(images, labels, name=name, split=split, num_classes=num_classes)


def centre_square(images: Tensor, image_size: int) -> Tensor:
    """Cuts images (..., H, W, C) uint8 to their central square, resized to (..., image_size, image_size, C) uint8."""
    height, width = tf.shape(images)[-3], tf.shape(images)[-2]
    side = tf.minimum(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = images[..., top : top + side, left : left + side, :]

    def resized() -> Tensor:
        values = tf.image.resize(square, (image_size, image_size), method="bilinear", antialias=True)
        return tf.cast(tf.clip_by_value(tf.round(values), 0.0, 255.0), tf.uint8)

    return tf.cond(tf.equal(side, image_size), lambda: square, resized)


def _find_builder(name: str, data_dir: str | None, other_names: Sequence[str]) -> Any:
    try:
        return tfds.builder(name, data_dir=data_dir)
    except tfds.core.DatasetNotFoundError as error:
        raise InputError(f"There is no dataset {name!r}{_known_datasets(name, other_names)}") from error
    except (ValueError, AssertionError) as error:  # A configuration, a version or a spelling that it refuses.
        raise InputError(
            f"TensorFlow Datasets refuses {name!r} ({_first_line(error)}){_known_datasets(name, other_names)}"
        ) from error


def _known_datasets(name: str, other_names: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, [*other_names, *tfds.list_builders(with_community_datasets=False)], n=3)
    hint = f": did you mean {' or '.join(map(repr, close))}? " if close else ". "
    built_in = f"Built in: {', '.join(other_names)}; " if other_names else ""
    return f"{hint}{built_in}all others go by their names in TensorFlow Datasets"


def _image_key(name: str, features: Any) -> str:
    """Returns the feature with the images: `image`, or else the only one of that kind."""
    kinds = dict(features.items()) if isinstance(features, tfds.features.FeaturesDict) else {}
    images = [key for key, kind in kinds.items() if isinstance(kind, tfds.features.Image)]
    key = "image" if "image" in images else images[0] if len(images) == 1 else None
    if key is None or kinds[key].np_dtype != np.uint8 or kinds[key].shape[-1] is None:
        raise InputError(f"Dataset {name!r} must have one feature of uint8 images. Its features: {', '.join(kinds)}")
    return key


def _num_classes(features: Any) -> int | None:
    label = features["label"] if "label" in features else None
    return label.num_classes if isinstance(label, tfds.features.ClassLabel) else None


def _split_size(name: str, builder: Any, split: str) -> int:
    try:
        return builder.info.splits[split].num_examples
    except (KeyError, ValueError) as error:
        splits = ", ".join(builder.info.splits)
        raise InputError(
            f"Dataset {name!r} has the splits {splits}. Received: {split!r} ({_first_line(error)})"
        ) from error


def _check_memory(name: str, split: str, shape: tuple[int, int, int, int]) -> None:
    size, limit = math.prod(shape) / 2**30, MEMORY_LIMIT_BYTES / 2**30
    if size > limit:
        part = split.partition("[")[0] + "[:10%]"
        raise InputError(
            f"Split {split!r} of {name!r} needs {size:.1f} GiB at {shape[1]} pixels, more than {limit:.1f} GiB: "
            f"choose a smaller image size or a part such as {part!r}"
        )


def _prepare(name: str, builder: Any, data_dir: str | None) -> None:
    """Downloads and prepares the dataset unless that is done; what a failure leaves unfinished is removed."""
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
            f"Dataset {name!r} is not prepared in {builder.data_dir} and preparing it failed ({_first_line(error)}); "
            f"where there is a network, run: python -c {shlex.quote(code)}"
        ) from error
    finally:
        for path in _partial_downloads(downloads) - older:
            tf.io.gfile.rmtree(path) if tf.io.gfile.isdir(path) else tf.io.gfile.remove(path)


def _check_connection(builder: Any) -> None:
    """Raises at once where no download can begin; TensorFlow Datasets would try again for minutes."""
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


def _read_images(
    builder: Any, split: str, image_key: str, shape: tuple[int, int, int, int], *, labelled: bool
) -> tuple[Array, Array | None]:
    """Returns images (N, H, W, C) uint8 and labels (N,) int64, in the order of the files."""
    num_images, image_size, _, channels = shape
    keys = (image_key, "label") if labelled else (image_key,)

    def resize(example: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        image = tf.ensure_shape(centre_square(example[image_key], image_size), (image_size, image_size, channels))
        return image, example["label"] if labelled else tf.constant(0, tf.int64)

    # Partial decoding: segmentation masks and second images stay encoded.
    decoders = tfds.decode.PartialDecoding(dict.fromkeys(keys, True))
    dataset = builder.as_dataset(split=split, shuffle_files=False, decoders=decoders)
    dataset = dataset.map(resize, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True).batch(_READ_BATCH)
    images, labels = np.empty(shape, np.uint8), np.empty(num_images, np.int64)
    start = 0
    for image_batch, label_batch in dataset.as_numpy_iterator():
        stop = start + len(image_batch)
        images[start:stop], labels[start:stop] = image_batch, label_batch
        start = stop
    return images[:start], labels[:start] if labelled else None


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip()}".splitlines()[0]
