"""Features of a network that has been loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.metrics.features.batches import BatchedFunction
from tf_infomax.metrics.features.extractor import (
    ExtractedFeatures,
    FeatureExtractor,
    check_channels,
    check_images,
    checked_features,
)
from tf_infomax.metrics.features.resizing import NATIVE, RESIZES, Size, choose_resize, describe_resize
from tf_infomax.types import Array, Tensor


class OutputNames(NamedTuple):
    """Names of the outputs or layers of a network.

    Attributes:
        features: That of the activations.
        logits: That of the logits; "none" for none.
        others: Further ones.
    """

    features: str
    logits: str
    others: tuple[str, ...] = ()

    @property
    def wanted(self) -> list[str]:
        """The names of outputs that must be there."""
        logits = [] if self.logits == NO_LOGITS else [self.logits]
        return [self.features, *logits, *self.others]


_COLOURS = 3
NO_LOGITS = "none"
"""Name of the logits of a network without them."""


@dataclass(frozen=True)
class Network:
    """A network of images.

    Attributes:
        run: Maps prepared images (B, H, W, C) to outputs (B, ...) by name.
        prepare: Maps images in grey levels, uint8 or float32, to what `run` takes.
        image_shape: (H, W, C) of its images; None where it takes any.
        outputs: Names of the outputs to use.
        width: Number of activations (F); None if it is not known.
    """

    run: Callable[[Tensor], Mapping[str, Tensor]]
    prepare: Callable[[Tensor], Tensor]
    image_shape: tuple[int | None, int | None, int | None]
    outputs: OutputNames
    width: int | None

    @property
    def size(self) -> Size | None:
        """Height and width of its images; None if it takes any."""
        height, width, _ = self.image_shape
        return None if height is None or width is None else (height, width)

    def features(self, images: Tensor) -> dict[str, Tensor]:
        """Maps images in grey levels (B, H, W, C) to flat float32 `activations` (B, F) and, if any, `logits` (B, K)."""
        outputs = self.run(self.prepare(images))
        names = {"activations": self.outputs.features, "logits": self.outputs.logits}
        return {field: _flat(outputs[name]) for field, name in names.items() if name != NO_LOGITS}


class LoadedFeatures(FeatureExtractor):
    """Features of a network, of images that are resized to its size.

    Args:
        network: The network.
        name: Name in records.
        title: Beginning of the definition: the network.
        sha256: Digest of the network.
        resize: Row of `RESIZES`; by the network if None.
        default_resize: Row for a network of a size of its own.
        size: Size to resize to; the network's if None.
        batch_size: Images run at a time.

    Raises:
        InputError: The resizing is unknown or not for this network.
    """

    def __init__(
        self,
        network: Network,
        *,
        name: str,
        title: str,
        sha256: str,
        resize: str | None,
        default_resize: str = "bicubic-antialias",
        size: Size | None = None,
        batch_size: int = 50,
    ) -> None:
        size = size or network.size
        self.network = network
        self.name = name
        self.sha256 = sha256
        self.resize = choose_resize(resize, default=default_resize, size=size)
        self.size = None if self.resize == NATIVE else size
        self.definition = (
            f"{title}: {' and '.join(network.outputs.wanted)} of images {describe_resize(self.resize, self.size)}"
        )
        self.has_logits = network.outputs.logits != NO_LOGITS
        self.width = network.width
        self.batch_size = batch_size
        self._run = BatchedFunction(self._forward, batch_size=batch_size)

    def __call__(self, images: Array) -> ExtractedFeatures:
        """Extracts features. A network of colours sees grey images as red, green and blue of equal values.

        Args:
            images: (N, H, W, C) uint8.

        Returns:
            Activations (N, F) and logits (N, K), or None.

        Raises:
            InputError: The images have another dtype or number of channels, or they are not resized and not of the
                network's size; or the network returns numbers that are not finite.
        """
        images = check_images(images)
        *_, channels = self.network.image_shape
        if channels is not None:
            check_channels(images, (1, channels) if channels == _COLOURS else (channels,))
        expected = self.network.size
        if self.resize == NATIVE and expected not in (None, images.shape[1:3]):
            raise InputError(
                f"`resize` {NATIVE} needs images of the network's size, {expected}. Received: {images.shape[1:3]}"
            )
        outputs = self._run(images)
        return checked_features(ExtractedFeatures(outputs["activations"], outputs.get("logits")))

    def activations(self, images: Tensor) -> Tensor:
        if self.network.prepare is _to_grey_levels:
            return super().activations(images)  # What rounds has no gradient.
        return self._forward(images)["activations"]

    def _forward(self, images: Tensor) -> dict[str, Tensor]:
        *_, channels = self.network.image_shape
        if channels == _COLOURS:
            images = tf.tile(images, [1, 1, 1, _COLOURS // tf.shape(images)[3]])
        images = tf.ensure_shape(images, [None, None, None, channels])
        if self.size is not None:
            images = RESIZES[self.resize].resize(tf.cast(images, tf.float32), self.size)
        return self.network.features(images)


def preparation(dtype: tf.DType) -> Callable[[Tensor], Tensor]:
    """Returns the function from grey levels to the images of a network of this dtype: uint8, or floats in [-1, 1].

    Raises:
        InputError: The network takes other integers.
    """
    if dtype == tf.uint8:
        return _to_grey_levels
    if dtype.is_floating:
        return lambda images: tf.cast(to_float(images), dtype)
    raise InputError(f"expected a network of uint8 or floating-point images. Received: one of {dtype.name}")


def image_shape(shape: tf.TensorShape) -> tuple[int | None, int | None, int | None]:
    """Returns (H, W, C) of the images that a network takes, None where it takes any, from the shape of its batches.

    Raises:
        InputError: Its input is not a batch of images.
    """
    if shape.rank is None:
        return None, None, None
    if shape.rank != 4 or shape[0] is not None:
        raise InputError(f"expected a network of batches of images (None, H, W, C). Received: one of {shape}")
    _, height, width, channels = shape
    return height, width, channels


def flat_width(shape: tf.TensorShape) -> int | None:
    """Returns the number of values of an image in an output (B, ...); None if it is not known."""
    return None if shape.rank is None else shape[1:].num_elements()


def _to_grey_levels(images: Tensor) -> Tensor:
    return tf.cast(tf.clip_by_value(tf.round(tf.cast(images, tf.float32)), 0.0, 255.0), tf.uint8)


def _flat(output: Tensor) -> Tensor:
    return tf.cast(tf.reshape(output, [tf.shape(output)[0], -1]), tf.float32)
