"""Features of real and generated images, with what metrics share."""

import functools

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.metrics.features import ExtractedFeatures
from tf_infomax.metrics.manifold import ManifoldOverlap, manifold_overlap
from tf_infomax.metrics.modes import ModeStatistics, mode_statistics
from tf_infomax.metrics.two_sample import SamplePair


class ImagePair:
    """Features of real and generated images, with the quantities that metrics share, each computed once.

    Args:
        real: Features of N images, N at least 2.
        fake: Features of M images, M at least 2.
        seed: Shuffles the images for metrics that need them in random order.

    Raises:
        InputError: There are fewer than 2 images of a kind.
    """

    def __init__(self, real: ExtractedFeatures, fake: ExtractedFeatures, *, seed: int = 0) -> None:
        if min(len(real.activations), len(fake.activations)) < 2:
            raise InputError(
                "expected at least 2 real and 2 generated images. "
                f"Received: {len(real.activations)} real and {len(fake.activations)} generated"
            )
        self.real = real
        self.fake = fake
        self.seed = seed

    @property
    def num_classes(self) -> int:
        """Number of classes (K) of the network behind the features."""
        return self.fake.logits.shape[1]

    @functools.cached_property
    def coverage(self) -> ModeStatistics:
        """Coverage of the classes by the generated images."""
        return mode_statistics(self.fake.modes, self.num_classes)

    @functools.cached_property
    def probabilities(self) -> SamplePair:
        """Class probabilities of real (N, K) and generated images (M, K)."""
        return SamplePair(*(tf.nn.softmax(features.logits).numpy() for features in (self.real, self.fake)))

    @functools.cached_property
    def overlap(self) -> ManifoldOverlap:
        """Overlap of the neighbourhoods of real and generated images."""
        return manifold_overlap(self.real.activations, self.fake.activations)
