"""Feature extractors for distances between sets of images."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

import numpy as np
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.metrics.digit_classifier import IMAGE_SIZE, NUM_CLASSES, load_digit_classifier
from tf_infomax.types import Array, Tensor

INCEPTION_HANDLE = "https://tfhub.dev/tensorflow/tfgan/eval/inception/1"
"""TF-GAN's Inception network on TensorFlow Hub: the weights of Salimans et al. 2016."""


class ExtractedFeatures(NamedTuple):
    """Features of N images.

    Attributes:
        activations: (N, F) float32, for Frechet and kernel distance.
        logits: (N, K) float32, class logits or log-probabilities.
    """

    activations: Array
    logits: Array

    @property
    def modes(self) -> Array:
        """(N,) int64: the most likely class of each image."""
        return self.logits.argmax(axis=1)


class FeatureExtractor(Protocol):
    """A network that turns images into features.

    Attributes:
        name: Value of `features` in metrics.json.
        definition: One sentence on the network and its layers.
        counts_modes: Whether its classes are the modes of the data, each equally frequent.
    """

    name: str
    definition: str
    counts_modes: bool

    def __call__(self, images: Array) -> ExtractedFeatures:
        """Runs the network over uint8 images (N, H, W, C), in batches."""
        ...


class DigitFeatures:
    """The shipped digit classifier, applied to each channel separately.

    Grey images have 10 classes; images of three channels have 1,000, one for each triple of digits: class `100 a + 10 b
    + c` for the digits a, b, c of channels 0, 1, 2. The channels are independent, so the log-probability of a triple is
    the sum over channels.

    Args:
        batch_size: Digits run at a time.
    """

    name: str = "digits"
    definition: str = (
        "a small CNN trained on 4,000 MNIST digits, applied to each channel: its 64 penultimate units a channel, "
        "concatenated, and the log-probabilities of the digit or of the triple of digits"
    )
    counts_modes: bool = True
    num_channels: ClassVar[tuple[int, ...]] = (1, 3)
    image_sizes: ClassVar[tuple[int, ...]] = (IMAGE_SIZE, 32)

    def __init__(self, *, batch_size: int = 500) -> None:
        self.batch_size = batch_size
        self._classifier = load_digit_classifier()
        signature = [tf.TensorSpec([None, IMAGE_SIZE, IMAGE_SIZE, 1], tf.uint8)]
        self._run = tf.function(self._forward, input_signature=signature, autograph=False)

    def __call__(self, images: Array) -> ExtractedFeatures:
        """Extracts features.

        Args:
            images: (N, H, W, C) uint8, C 1 or 3; 28x28, or 32x32 of which the central 28x28 is read.

        Returns:
            Activations (N, 64 C), logits (N, 10^C).

        Raises:
            InputError: The images have another dtype, size or number of channels.
        """
        images = _check_images(images, channels=self.num_channels)
        height, width = images.shape[1:3]
        if height != width or height not in self.image_sizes:
            raise InputError(f"expected digits of 28x28 or 32x32 pixels. Received: {height}x{width}")
        margin = (height - IMAGE_SIZE) // 2
        inner = slice(margin, margin + IMAGE_SIZE)
        digits = np.moveaxis(images[:, inner, inner], 3, 1).reshape(-1, IMAGE_SIZE, IMAGE_SIZE, 1)  # (N C, 28, 28, 1)
        activations, log_probabilities = _in_batches(self._run, digits, self.batch_size)
        by_channel = log_probabilities.reshape(len(images), -1, NUM_CLASSES)  # (N, C, 10)
        return ExtractedFeatures(activations.reshape(len(images), -1), joint_log_probabilities(by_channel))

    def _forward(self, digits: Tensor) -> tuple[Tensor, Tensor]:
        outputs = self._classifier(to_float(digits), training=False)
        return outputs["features"], tf.nn.log_softmax(outputs["logits"])


def joint_log_probabilities(log_probabilities: Array) -> Array:
    """Log-probabilities of all combinations of classes over independent channels.

    Args:
        log_probabilities: (N, C, K) for each channel.

    Returns:
        (N, K^C); channel 0 is the most significant digit of the class index in base K.
    """
    joint = log_probabilities[:, 0]
    for channel in range(1, log_probabilities.shape[1]):
        pairs = joint[:, :, None] + log_probabilities[:, None, channel]  # (N, K^channel, K)
        joint = pairs.reshape(len(pairs), -1)
    return joint


class InceptionFeatures:
    """TF-GAN's Inception network: `pool_3` (2,048) and `logits` (1,008).

    Args:
        path_or_handle: A TensorFlow Hub handle, or the folder of a copy of its SavedModel.
        batch_size: Images run at a time.

    Raises:
        InputError: The network cannot be loaded.

    Source:
        Salimans et al. 2016; Heusel et al. 2017. Images are resized to 299x299 bilinearly, without antialiasing, and
        scaled to [-1, 1], as TF-GAN asks; numbers from other Inception weights or other resizing are not comparable.
    """

    name: str = "inception"
    counts_modes: bool = False
    num_channels: ClassVar[tuple[int, ...]] = (3,)
    input_size: ClassVar[int] = 299

    def __init__(self, path_or_handle: str | Path = INCEPTION_HANDLE, *, batch_size: int = 50) -> None:
        self.path_or_handle = str(path_or_handle)
        self.batch_size = batch_size
        self.definition = (
            f"TF-GAN's Inception network ({self.path_or_handle}): "
            "pool_3 and logits of images resized to 299x299 bilinearly without antialiasing"
        )
        self._network = _load_saved_model(self.path_or_handle)
        signature = [tf.TensorSpec([None, None, None, 3], tf.uint8)]
        self._run = tf.function(self._forward, input_signature=signature, autograph=False)

    def __call__(self, images: Array) -> ExtractedFeatures:
        """Extracts features.

        Args:
            images: (N, H, W, 3) uint8.

        Returns:
            Activations (N, 2048), logits (N, 1008).

        Raises:
            InputError: The images have another dtype or number of channels, or the network lacks `pool_3` or `logits`.
        """
        images = _check_images(images, channels=self.num_channels)
        return ExtractedFeatures(*_in_batches(self._run, images, self.batch_size))

    def _forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        outputs = self._network(
            tf.image.resize(to_float(images), [self.input_size, self.input_size], method="bilinear")
        )
        if not isinstance(outputs, dict) or not {"pool_3", "logits"} <= outputs.keys():
            received = sorted(outputs) if isinstance(outputs, dict) else type(outputs).__name__
            raise InputError(f"expected a SavedModel with the outputs 'pool_3' and 'logits'. Received: {received}")
        batch = tf.shape(images)[0]
        return tf.reshape(outputs["pool_3"], [batch, -1]), tf.reshape(outputs["logits"], [batch, -1])


FEATURE_EXTRACTORS: dict[str, Callable[[], FeatureExtractor]] = {
    "digits": DigitFeatures,
    "inception": InceptionFeatures,
}
"""Extractors by name; you may add rows."""


@functools.cache
def feature_extractor(name_or_path: str) -> FeatureExtractor:
    """Makes a feature extractor, once per process: its network is loaded at the first call with these arguments.

    Args:
        name_or_path: `digits`, `inception`, or TF-GAN's Inception SavedModel: a folder or a TensorFlow Hub handle.

    Raises:
        InputError: The name is unknown and no folder or handle, or the network cannot be loaded.
    """
    if name_or_path in FEATURE_EXTRACTORS:
        return FEATURE_EXTRACTORS[name_or_path]()
    if "://" in name_or_path or Path(name_or_path).is_dir():
        return InceptionFeatures(name_or_path)
    raise InputError(
        f"expected features {', '.join(FEATURE_EXTRACTORS)}, or the folder of an Inception SavedModel. "
        f"Received: {name_or_path!r}"
    )


def _load_saved_model(path_or_handle: str) -> Callable[[Tensor], dict[str, Tensor]]:
    try:
        network = compat.tensorflow_hub().load(path_or_handle)
    except Exception as error:  # TensorFlow Hub raises OSError, ValueError, RuntimeError and TensorFlow's own errors.
        raise InputError(
            f"cannot load Inception from {path_or_handle!r} ({type(error).__name__}): "
            f"give the folder of a local copy of the SavedModel {INCEPTION_HANDLE}"
        ) from error
    if not callable(network):
        raise InputError(
            f"expected a SavedModel that can be called, like {INCEPTION_HANDLE}. Received: {path_or_handle!r}"
        )
    return network


def _check_images(images: Array, *, channels: tuple[int, ...]) -> Array:
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4 or len(images) == 0:
        raise InputError(f"expected uint8 images (N, H, W, C). Received: {images.dtype} of shape {images.shape}")
    if images.shape[3] not in channels:
        expected = " or ".join(map(str, channels))
        raise InputError(f"expected images of {expected} channels. Received: shape {images.shape}")
    return images


def _in_batches(run: Callable[[Tensor], tuple[Tensor, Tensor]], images: Array, batch_size: int) -> tuple[Array, Array]:
    batches = [run(tf.constant(images[start : start + batch_size])) for start in range(0, len(images), batch_size)]
    activations, logits = zip(*batches, strict=True)
    return np.concatenate(activations), np.concatenate(logits)
