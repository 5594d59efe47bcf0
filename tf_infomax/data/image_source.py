"""The common form of all datasets: numbered images, or points, that are read in any order."""

import dataclasses
import hashlib
import json
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.images import centre_crop
from tf_infomax.sizes import ImageSize, height_and_width
from tf_infomax.types import Array, Tensor

_READ_BATCH = 4096
_DIGEST_SAMPLES = 1000


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class ImageSource:
    """One split of a dataset: `num_images` images of one shape, addressed by number.

    Points, vectors of D numbers, are "images" of shape (D,), float32 instead of uint8.

    Attributes:
        name: Name of the dataset.
        split: Name of the split.
        num_images: N, the images that can be read.
        image_shape: (H, W, C) of every image; (D,) of every point.
        num_classes: K; None if the images have no labels, which then read as zeros.
        class_names: The names of the K classes; None where they have none.
        lookup: Maps indices (B,) int64 to images (B, H, W, C) uint8, or points (B, D) float32, and labels (B,) int64 by
            TensorFlow operations.
        lookup_labels: Maps them to the labels alone, where that saves the reading of images.
        files_digest: Digest of the names, sizes and times of the user's files; None of other data.
    """

    name: str
    split: str
    num_images: int
    image_shape: tuple[int, ...]
    num_classes: int | None
    class_names: tuple[str, ...] | None = dataclasses.field(default=None, repr=False)
    lookup: Callable[[Tensor], tuple[Tensor, Tensor]] = dataclasses.field(repr=False)
    lookup_labels: Callable[[Tensor], Tensor] | None = dataclasses.field(default=None, repr=False)
    files_digest: str | None = dataclasses.field(default=None, repr=False)

    def read(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Reads images and labels, eagerly or inside `tf.data.Dataset.map`.

        Args:
            indices: (B,) int64 in `[0, num_images)`.

        Returns:
            Images (B, H, W, C) uint8, or points (B, D) float32, and labels (B,) int64.
        """
        indices = tf.convert_to_tensor(indices, tf.int64)
        # Otherwise eager reading would send a whole dataset to the GPU for a few of its images.
        with tf.device("CPU:0"):
            images, labels = self.lookup(indices)
        batch = indices.shape[0]
        return tf.ensure_shape(images, (batch, *self.image_shape)), tf.ensure_shape(labels, (batch,))

    def centre_cropped(self, size: ImageSize | None) -> "ImageSource":
        """Returns a source of the middle (h, w) of each image, for a size of at most the images'; itself for None."""
        if size is None:
            return self
        height, width = height_and_width(size)
        if self.image_shape[:2] == (height, width):
            return self

        def lookup(indices: Tensor) -> tuple[Tensor, Tensor]:
            images, labels = self.lookup(indices)
            return centre_crop(tf.ensure_shape(images, (None, *self.image_shape)), size), labels

        return dataclasses.replace(self, image_shape=(height, width, self.image_shape[2]), lookup=lookup)

    def images_at(self, indices: Array) -> Array:
        """Reads images by number into a numpy array, for metrics.

        Args:
            indices: (N,) integers in `[0, num_images)`.

        Returns:
            Images (N, H, W, C) uint8, or points (N, D) float32.

        Raises:
            InputError: An index is out of range.
        """
        indices = np.asarray(indices, np.int64)
        if indices.size and not (0 <= indices.min() and indices.max() < self.num_images):
            raise InputError(
                f"Indices into {self.name!r}, split {self.split!r}, must be from 0 to {self.num_images - 1}. "
                f"Received: {indices.min()} to {indices.max()}"
            )
        first = self.read(indices[:_READ_BATCH])[0]
        images = np.empty((len(indices), *self.image_shape), first.dtype.as_numpy_dtype)
        images[:_READ_BATCH] = first
        for start in range(_READ_BATCH, len(indices), _READ_BATCH):
            images[start : start + _READ_BATCH] = self.read(indices[start : start + _READ_BATCH])[0]
        return images

    def labels_at(self, indices: Array) -> Array:
        """Reads the labels (N,) int64 of images by number."""
        indices = np.asarray(indices, np.int64)
        if self.lookup_labels is not None:
            return self.lookup_labels(tf.constant(indices)).numpy()
        starts = range(0, len(indices), _READ_BATCH)
        return np.concatenate([self.read(indices[start : start + _READ_BATCH])[1] for start in starts])

    def draw(self, num_images: int, seed: int) -> Array:
        """Draws the numbers of distinct images, the same ones for the same seed.

        Args:
            num_images: Number of images, at most the size of the split.
            seed: Not negative.

        Returns:
            (num_images,) int64. A larger draw of the same seed begins with a smaller one.

        Raises:
            InputError: The split has fewer images.
        """
        if not 1 <= num_images <= self.num_images:
            raise InputError(
                f"`num_images` must be from 1 to {self.num_images}, the number of images that {self.name!r} has in "
                f"split {self.split!r}. Received: {num_images}"
            )
        return np.random.default_rng(seed).permutation(self.num_images)[:num_images]

    def draw_by_class(self, per_class: int, seed: int) -> Array:
        """Draws the numbers of distinct images, equally many of each class.

        Args:
            per_class: Images of a class.
            seed: Not negative.

        Returns:
            (per_class * K,) int64, in random order.

        Raises:
            InputError: There are no labels, or a class has fewer images.
        """
        if self.num_classes is None:
            raise InputError(f"Images of each class need labels, and {self.name!r}, split {self.split!r}, has none.")
        order = self.draw(self.num_images, seed)
        labels = self.labels_at(order)
        chosen = [order[labels == label][:per_class] for label in range(self.num_classes)]
        fewest = min(map(len, chosen))
        if fewest < per_class:
            raise InputError(
                f"Each class of {self.name!r}, split {self.split!r}, must have {per_class} images. Received: a class "
                f"of {fewest}"
            )
        return np.random.default_rng(seed).permutation(np.concatenate(chosen))

    def sample_real(self, num_images: int, seed: int) -> Array:
        """Draws distinct real images, the same ones for the same seed.

        Always without replacement: copies would bias the statistics of the real images that FID and KID compare with.

        Args:
            num_images: Number of images, at most the size of the split.
            seed: Not negative.

        Returns:
            Images (num_images, H, W, C) uint8, or points (num_images, D) float32.

        Raises:
            InputError: The split has fewer images.
        """
        return self.images_at(self.draw(num_images, seed))

    def digest(self) -> str:
        """Returns a digest of the data: its shape and 1,000 evenly spaced images with their labels.

        Equal data have equal digests on all machines; other data, or data prepared otherwise, have others.
        """
        indices = np.unique(np.linspace(0, self.num_images - 1, _DIGEST_SAMPLES).astype(np.int64))
        shape = json.dumps([self.num_images, *self.image_shape, self.num_classes])
        content = (shape.encode(), self.images_at(indices).tobytes(), self.labels_at(indices).tobytes())
        return hashlib.sha256(b"".join(content)).hexdigest()


def image_source_from_arrays(
    images: Array,
    labels: Array | None = None,
    *,
    name: str,
    split: str,
    num_classes: int | None = None,
    class_names: tuple[str, ...] | None = None,
) -> ImageSource:
    """Wraps images in memory.

    Args:
        images: (N, H, W, C) uint8.
        labels: (N,) integers in `[0, num_classes)`; None if there are none.
        name: Name of the dataset.
        split: Name of the split.
        num_classes: K; None exactly if `labels` is.
        class_names: The names of the K classes, if they have any.

    Returns:
        The source.

    Raises:
        InputError: Shapes, dtypes and labels do not fit together.
    """
    if images.ndim != 4 or images.dtype != np.uint8 or not len(images):
        raise InputError(
            f"Images must be uint8 of shape (N, H, W, C), at least one. Received: {images.dtype} {images.shape}"
        )
    return source_in_memory(images, labels, name=name, split=split, num_classes=num_classes, class_names=class_names)


def source_in_memory(
    samples: Array,
    labels: Array | None,
    *,
    name: str,
    split: str,
    num_classes: int | None,
    class_names: tuple[str, ...] | None = None,
) -> ImageSource:
    """Wraps images or points that have been checked; raises an InputError if the labels do not fit them."""
    _check_labels(labels, len(samples), num_classes)
    rows = tensor_in_memory(samples)
    classes = tensor_in_memory(np.zeros(len(samples), np.int64) if labels is None else labels.astype(np.int64))

    def lookup_labels(indices: Tensor) -> Tensor:
        return tf.gather(classes, indices)

    def lookup(indices: Tensor) -> tuple[Tensor, Tensor]:
        return tf.gather(rows, indices), lookup_labels(indices)

    return ImageSource(
        name=name,
        split=split,
        num_images=len(samples),
        image_shape=samples.shape[1:],
        num_classes=num_classes,
        class_names=class_names,
        lookup=lookup,
        lookup_labels=lookup_labels,
    )


def _check_labels(labels: Array | None, num_images: int, num_classes: int | None) -> None:
    if labels is None and num_classes is None:
        return
    if labels is None or num_classes is None or labels.shape != (num_images,):
        received = None if labels is None else labels.shape
        raise InputError(
            f"`labels` of shape ({num_images},) must come with `num_classes`. Received: {received} and {num_classes}"
        )
    if not np.issubdtype(labels.dtype, np.integer):
        raise InputError(f"`labels` must be integers. Received: {labels.dtype}")
    if labels.min() < 0 or labels.max() >= num_classes:
        raise InputError(
            f"`labels` must be from 0 to {num_classes - 1} for `num_classes` = {num_classes}. "
            f"Received: {labels.min()} to {labels.max()}"
        )


def tensor_in_memory(values: Array) -> Tensor:
    """Copies an array to one tensor in host memory.

    A function that reads it captures the tensor; a constant of the graph could hold 2 GB at most.
    """
    with tf.init_scope(), tf.device("CPU:0"):
        # `tf.constant` alone keeps a second copy alive for as long as the tensor lives.
        return tf.identity(tf.constant(values))
