"""Projection of an image onto a generator: latents whose image has the same features."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError, NotFinite, check_positive
from tf_infomax.latents import normal_latents, stateless_seed
from tf_infomax.models.optimizers import default_optimizer
from tf_infomax.models.schedules import LinearDecay
from tf_infomax.networks.conditioning import call_network
from tf_infomax.types import Array, Tensor

FeatureFunction = Callable[[Tensor, Tensor | None], Sequence[Tensor]]
"""Maps images (B, H, W, C) float32 in [-1, 1] and labels (B,), None without classes, to features (B, ...)."""

NOT_FEATURES = "logits"
"""Output of a discriminator that says how real an image is, not what it shows."""

CANDIDATES = 256
"""Default number of random latents of which the nearest are the starts."""

_BATCH_SIZE = 32
"""Latents that are compared at once; a network of features may be large."""


class Found(NamedTuple):
    """Latents that were found for an image, the best first.

    Attributes:
        latents: (R, Z) float32.
        labels: (R,) int64; None without classes.
        distances: (R,) float32, in features and pixels, without the prior.
    """

    latents: Array
    labels: Array | None
    distances: Array


class LatentSearch:
    """Finds latents of a generator whose image is near a given one, from several starts in one batch.

    It minimises over z, by Adam with a rate that falls linearly to zero,

        mean over features k of |f_k(G(z)) - f_k(x)|^2 / |f_k(x)|^2
        + pixel_weight * mean of (G(z) - x)^2
        + prior_weight * (|z|^2 / Z - 1)^2,

    where x is the image, pixels in [-1, 1]. The last term keeps the length of z near sqrt(Z), that of normal latents.
    Restarts do not see each other. Their classes stay those of the starts.

    Args:
        generator: Maps latents (B, Z) to images in [-1, 1]; has `latent_dim`, and `num_classes` if conditional.
        features: What images are compared by, such as `discriminator_features`.
        restarts: Number of latents that are moved together (R).
        steps: Steps of Adam.
        learning_rate: Rate of the first step.
        pixel_weight: Weight of the pixels.
        prior_weight: Weight of the length.

    Raises:
        InputError: A number is out of range.

    Source: Lipton and Tripathi, 2017, for the search in latents; Karras et al., 2020, Appendix D, for features of a
    network in it. Relative errors of features, restarts and the term of the length are ours.
    """

    def __init__(
        self,
        generator: keras.Model,
        features: FeatureFunction,
        *,
        restarts: int = 8,
        steps: int = 300,
        learning_rate: float = 0.1,
        pixel_weight: float = 1.0,
        prior_weight: float = 0.01,
    ) -> None:
        check_positive(restarts=restarts, steps=steps, learning_rate=learning_rate)
        for name, weight in (("pixel_weight", pixel_weight), ("prior_weight", prior_weight)):
            if not 0 <= weight < np.inf:
                raise InputError(f"`{name}` must be finite and not negative. Received: {weight}")
        self.generator = generator
        self.features = features
        self.restarts = restarts
        self.steps = steps
        self.pixel_weight = pixel_weight
        self.prior_weight = prior_weight
        self._latents = keras.Variable(np.zeros((restarts, generator.latent_dim), np.float32), name="latents")
        self._optimizer = default_optimizer(LinearDecay(learning_rate, steps), beta_1=0.9, beta_2=0.999)
        self._optimizer.build([self._latents])
        self._step = tf.function(self._move, reduce_retracing=True)
        self._distances = tf.function(self._compare, reduce_retracing=True)

    def starts(
        self, image: Array, *, candidates: int = CANDIDATES, seed: int = 0, classes: Sequence[int] | None = None
    ) -> Found:
        """Draws normal latents and keeps the R whose images are nearest.

        Args:
            image: (H, W, C) float32 in [-1, 1].
            candidates: Number of latents to draw, at least R.
            seed: Seed of the latents.
            classes: Classes of the latents of a conditional generator, in turn.

        Raises:
            InputError: There are fewer candidates than restarts, or no distance is finite.
        """
        if candidates < self.restarts:
            raise InputError(f"`candidates` must be at least `restarts` = {self.restarts}. Received: {candidates}")
        latents = normal_latents(candidates, self.generator.latent_dim, stateless_seed(seed, 0, "project"))
        labels = None if classes is None else np.resize(np.asarray(classes, np.int64), candidates)
        return self._nearest(image, latents.numpy(), labels)

    def search(self, image: Array, start: Found, *, on_step: Callable[[], object] = lambda: None) -> Found:
        """Moves latents towards an image.

        Args:
            image: (H, W, C) float32 in [-1, 1].
            start: R latents and labels to start from, those of `starts` or your own.
            on_step: Called after each step.

        Raises:
            InputError: No distance is finite.
        """
        self._latents.assign(start.latents)
        for variable in self._optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        target, labels = tf.constant(image[None]), _as_tensor(start.labels)
        given = self._features_of(target, labels)
        for _ in range(self.steps):
            self._step(labels, target, given)
            on_step()
        return self._nearest(image, np.array(self._latents), start.labels)

    def _move(self, labels: Tensor | None, image: Tensor, given: Sequence[Tensor]) -> None:
        """Makes one step of all restarts."""
        with tf.GradientTape() as tape:
            latents = tf.convert_to_tensor(self._latents)
            tape.watch(latents)
            prior = tf.square(tf.reduce_mean(tf.square(latents), axis=1) - 1.0)  # (R,)
            # A sum: the gradient of a restart is that of the restart alone.
            loss = tf.reduce_sum(self._compare(latents, labels, image, given) + self.prior_weight * prior)
        self._optimizer.apply([tape.gradient(loss, latents)], [self._latents])

    def _compare(self, latents: Tensor, labels: Tensor | None, image: Tensor, given: Sequence[Tensor]) -> Tensor:
        """Returns the distances (B,) of the images of latents (B, Z) from an image (1, H, W, C)."""
        images = call_network(self.generator, latents, labels, training=False)
        features = self.features(images, labels)
        relative = [
            _sum(tf.square(own - other)) / (_sum(tf.square(other)) + 1e-8) for own, other in zip(features, given)
        ]
        pixels = tf.reduce_mean(tf.square(images - image), axis=[1, 2, 3])
        return tf.add_n(relative) / len(relative) + self.pixel_weight * pixels

    def _features_of(self, image: Tensor, labels: Tensor | None) -> list[Tensor]:
        """Returns the features (1, ...) of an image (1, H, W, C), with labels (B, ...), on which they may depend."""
        repeated = image if labels is None else tf.repeat(image, labels.shape[0], axis=0)
        return list(self.features(repeated, labels))

    def _nearest(self, image: Array, latents: Array, labels: Array | None) -> Found:
        """Returns the R nearest latents, the best first."""
        target, distances = tf.constant(image[None]), []
        for i in range(0, len(latents), _BATCH_SIZE):
            rows = slice(i, i + _BATCH_SIZE)
            own = None if labels is None else tf.constant(labels[rows])
            distances.append(self._distances(tf.constant(latents[rows]), own, target, self._features_of(target, own)))
        all_distances = np.concatenate(distances)
        best = np.argsort(all_distances, kind="stable")[: self.restarts]
        if not np.isfinite(all_distances[best[0]]):
            raise NotFinite("no image of the generator has a finite distance (NaN or infinite); its training diverged")
        return Found(latents[best], None if labels is None else labels[best], all_distances[best])


def discriminator_features(discriminator: keras.Model) -> FeatureFunction:
    """Returns the function of a discriminator's features: each of its outputs but the logits.

    The last map but one is an output by two names, `local_features` and that of its block, and counts twice. The
    function raises an InputError if the discriminator has logits alone.
    """

    def features(images: Tensor, labels: Tensor | None) -> list[Tensor]:
        outputs = call_network(discriminator, images, labels, training=False)
        found = [output for name, output in outputs.items() if name != NOT_FEATURES]
        if not found:
            raise InputError(
                f"Projection needs features, of the discriminator or of `features`. Received: {[*outputs]}"
            )
        return found

    return features


def _sum(values: Tensor) -> Tensor:
    """Sums (B, ...) over all axes but the first."""
    return tf.reduce_sum(tf.reshape(values, [tf.shape(values)[0], -1]), axis=1)


def _as_tensor(labels: Array | None) -> Tensor | None:
    return None if labels is None else tf.constant(labels)
