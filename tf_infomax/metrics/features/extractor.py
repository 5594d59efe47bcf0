"""Feature extractors: networks that turn images into the features that metrics compare."""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.types import Array, Tensor

Rows = Any
"""An array with a row for each image, or `stored_rows.StoredRows`, which reads them from a file; None for logits that a
network does not have."""

_ROWS_AT_A_TIME = 1000


class ExtractedFeatures(NamedTuple):
    """Features of N images.

    Attributes:
        activations: (N, F) float32, for Frechet and kernel distance.
        logits: (N, K) float32, class logits or log-probabilities; None for a network without them.
    """

    activations: Rows
    logits: Rows

    @property
    def modes(self) -> Array:
        """(N,) int64: the most likely class of each image.

        Raises:
            InputError: There are no logits.
        """
        if self.logits is None:
            raise InputError("The modes of images are classes, and these features have no logits.")
        starts = range(0, len(self.logits), _ROWS_AT_A_TIME)
        return np.concatenate([self.logits[start : start + _ROWS_AT_A_TIME].argmax(axis=1) for start in starts])


class FeatureExtractor(ABC):
    """A network that turns images into features.

    Attributes:
        name: Value of `features` in metrics.json.
        definition: One sentence on the network, its layers and the resizing of images.
        sha256: Hexadecimal digest of the network.
        resize: Row of `RESIZES` by which images get the network's size.
        counts_modes: Whether its classes are the modes of the data, each equally frequent.
        has_logits: Whether its features have logits.
        width: Number of activations (F) of an image; None if it depends on the images or is not known.
    """

    name: str
    definition: str
    sha256: str
    resize: str = "native"
    counts_modes: bool = False
    has_logits: bool = True
    width: int | None = None

    @abstractmethod
    def __call__(self, images: Array) -> ExtractedFeatures:
        """Runs the network over uint8 images (N, H, W, C), in batches."""

    def activations(self, images: Tensor) -> Tensor:
        """Maps images to activations by operations that have gradients.

        Args:
            images: (B, H, W, C) float32 in grey levels from 0 to 255.

        Returns:
            (B, F) float32.

        Raises:
            InputError: The network has no gradients.
        """
        raise InputError(f"expected features with gradients. Received: {self.name}")

    def is_current(self) -> bool:
        """Whether the network is still the one in the files that it was read from."""
        return True


def check_images(images: Array) -> Array:
    """Returns images as an array.

    Raises:
        InputError: They are not uint8 (N, H, W, C), N at least 1.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4 or len(images) == 0:
        raise InputError(f"expected uint8 images (N, H, W, C). Received: {images.dtype} of shape {images.shape}")
    return images


def check_channels(images: Array, channels: tuple[int, ...]) -> None:
    """Raises InputError unless the images (N, H, W, C) have one of these numbers of channels."""
    if images.shape[3] not in channels:
        expected = " or ".join(map(str, channels))
        raise InputError(f"expected images of {expected} channels. Received: shape {images.shape}")


def checked_features(features: ExtractedFeatures) -> ExtractedFeatures:
    """Returns features as they are.

    Raises:
        InputError: Some are not finite.
    """
    for kind, rows in features._asdict().items():
        count = 0 if rows is None else int(np.sum(~np.isfinite(rows).all(axis=1)))
        if count:
            raise InputError(f"{count} of {len(rows)} images have {kind} that are not finite (NaN or infinite)")
    return features
