"""The subject of probes: a network, and images with their features."""

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

import keras
import numpy as np

from tf_infomax import data
from tf_infomax.errors import InputError
from tf_infomax.images import features_of, to_float
from tf_infomax.types import Array, Tensor


class Subject(NamedTuple):
    """A network whose features are probed."""

    name: str
    """Name of the network in records."""
    encode: Callable[[Tensor], Mapping[str, Tensor]]
    """Maps images (B, H, W, C) in [-1, 1] to features by layer, in inference mode."""
    layers: tuple[str, ...]
    """Features that classifiers are trained on, from low to high."""
    output: str
    """The last of them, a vector."""
    encoder: keras.Model | None = None
    """The network as one that can be trained on with labels; None where it cannot."""


class Part(NamedTuple):
    """Images of one split and what the network makes of them."""

    images: Array
    """(N, H, W, C) uint8."""
    labels: Array
    """(N,) int64."""
    features: Mapping[str, Array]

    @property
    def pixels(self) -> Array:
        """The images as float32 in [-1, 1]."""
        return to_float(self.images).numpy()


def read_part(subject: Subject, source: data.ImageSource, size: int | None, seed: int) -> Part:
    """Reads images of a split, drawn by the seed, and encodes them; all if `size` is None.

    Raises:
        InputError: There are not as many, or features are not finite.
    """
    size = source.num_images if size is None else size
    if not 1 <= size <= source.num_images:
        raise InputError(f"Of split {source.split} there are {source.num_images} images. Asked for: {size}")
    indices = np.random.default_rng(seed).permutation(source.num_images)[:size]
    images, labels = source.images_at(indices), source.labels_at(indices)
    features = features_of(subject.encode, images)
    for name in subject.layers:
        if not np.isfinite(features[name]).all():
            raise InputError(f"Features must be finite. Received: NaN or infinity in {name} of {subject.name}")
    return Part(images, labels, {name: features[name] for name in subject.layers})


def num_seen(train: Part, test: Part) -> int:
    """Returns how many images of one part are, to the last bit, in another."""
    known = {_digest(image) for image in train.images}
    return sum(_digest(image) in known for image in test.images)


def _digest(image: Array) -> bytes:
    return hashlib.blake2b(image.tobytes(), digest_size=16).digest()
