"""Features of the shipped digit classifier."""

from typing import ClassVar

import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.metrics.digit_classifier import IMAGE_SIZE, NUM_CLASSES, WEIGHTS_PATH, load_digit_classifier
from tf_infomax.metrics.features.batches import BatchedFunction
from tf_infomax.metrics.features.digests import digest_of
from tf_infomax.metrics.features.extractor import (
    ExtractedFeatures,
    FeatureExtractor,
    check_channels,
    check_images,
    checked_features,
)
from tf_infomax.types import Array, Tensor


class DigitFeatures(FeatureExtractor):
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

    def __init__(self, *, batch_size: int = 250) -> None:
        self.batch_size = batch_size
        self.sha256 = digest_of(WEIGHTS_PATH)
        self._classifier = load_digit_classifier()
        self._run = BatchedFunction(self._forward, batch_size=batch_size)

    def __call__(self, images: Array) -> ExtractedFeatures:
        """Extracts features.

        Args:
            images: (N, H, W, C) uint8, C 1 or 3; 28x28, or 32x32 of which the central 28x28 is read.

        Returns:
            Activations (N, 64 C), logits (N, 10^C).

        Raises:
            InputError: The images have another dtype, size or number of channels.
        """
        images = check_images(images)
        check_channels(images, self.num_channels)
        height, width = images.shape[1:3]
        if height != width or height not in self.image_sizes:
            raise InputError(f"expected digits of 28x28 or 32x32 pixels. Received: {height}x{width}")
        inner = _inner(height)
        digits = np.moveaxis(images[:, inner, inner], 3, 1).reshape(-1, IMAGE_SIZE, IMAGE_SIZE, 1)  # (N C, 28, 28, 1)
        outputs = self._run(digits)
        by_channel = outputs["log_probabilities"].reshape(len(images), -1, NUM_CLASSES)  # (N, C, 10)
        activations = outputs["features"].reshape(len(images), -1)
        return checked_features(ExtractedFeatures(activations, joint_log_probabilities(by_channel)))

    def activations(self, images: Tensor) -> Tensor:
        inner = _inner(images.shape[1])
        digits = tf.transpose(images[:, inner, inner], [0, 3, 1, 2])  # (B, C, 28, 28)
        outputs = self._forward(tf.reshape(digits, [-1, IMAGE_SIZE, IMAGE_SIZE, 1]))
        return tf.reshape(outputs["features"], [tf.shape(images)[0], -1])

    def _forward(self, digits: Tensor) -> dict[str, Tensor]:
        digits = tf.ensure_shape(digits, [None, IMAGE_SIZE, IMAGE_SIZE, 1])
        outputs = self._classifier(to_float(digits), training=False)
        return {"features": outputs["features"], "log_probabilities": tf.nn.log_softmax(outputs["logits"])}


def _inner(image_size: int) -> slice:
    """Returns the rows, and the columns, of an image that the classifier reads."""
    margin = (image_size - IMAGE_SIZE) // 2
    return slice(margin, margin + IMAGE_SIZE)


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
