"""Sampling from a generator, in inference mode or normalised as in training."""

import contextlib
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError, NotFinite, check_positive
from tf_infomax.images import are_images, to_output
from tf_infomax.latents import LatentChoice
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives.labels import check_label_range
from tf_infomax.types import Array, Tensor


class Sampler:
    """Draws images or points from a generator, in batches of one compiled function.

    Args:
        generator: A network with `latent_dim`; conditional if it has `num_classes`.
    """

    def __init__(self, generator: keras.Model) -> None:
        def render(latents: Tensor, labels: Tensor | None, training: bool) -> tuple[Tensor, Tensor]:
            samples = call_network(generator, latents, labels, training=training)
            return to_output(samples), _count_not_finite(samples)

        self._generator = generator
        self.latent_dim = generator.latent_dim
        self.num_classes = getattr(generator, "num_classes", None)
        self._render = tf.function(render, reduce_retracing=True)

    def generate(
        self,
        num_images: int,
        seed: int = 0,
        *,
        labels: Tensor | Array | None = None,
        truncation: float | None = None,
        batch_size: int = 256,
        batch_statistics: int | None = None,
    ) -> Array:
        """See `GAN.generate`."""
        check_positive(num_images=num_images, batch_size=batch_size)
        choice = LatentChoice(seed, truncation=truncation)
        if labels is not None:
            self._check_labels(labels, num_images)
        elif self.num_classes:
            labels = choice.labels(num_images, self.num_classes)
        if batch_statistics is not None:
            return self._render_as_in_training(num_images, choice, labels, batch_statistics)
        return self.render(choice.latents(num_images, self.latent_dim), labels, batch_size=batch_size)

    def _render_as_in_training(
        self, num_images: int, choice: LatentChoice, labels: Tensor | Array | None, batch_size: int
    ) -> Array:
        if batch_size < 2:
            raise InputError(f"`batch_statistics` must be at least 2 samples. Received: {batch_size}")
        missing = -num_images % batch_size
        latents = choice.latents(num_images + missing, self.latent_dim)
        if labels is not None:
            labels = np.resize(labels, num_images + missing)
        with _thawed(self._generator):
            return self._render_batches(latents, labels, batch_size, training=True)[:num_images]

    def render(self, latents: Tensor, labels: Tensor | Array | None = None, *, batch_size: int = 256) -> Array:
        """Maps latents (N, Z), with labels (N,) if conditional, to images (N, H, W, C) uint8 or points (N, D).

        Raises:
            InputError: Samples have values that are not finite.
        """
        return self._render_batches(latents, labels, batch_size, training=False)

    def _render_batches(
        self, latents: Tensor, labels: Tensor | Array | None, batch_size: int, *, training: bool
    ) -> Array:
        if labels is not None:
            labels = tf.cast(labels, tf.int64)
        slices = [slice(i, i + batch_size) for i in range(0, latents.shape[0], batch_size)]
        batches = [self._render(latents[rows], None if labels is None else labels[rows], training) for rows in slices]
        images = np.concatenate([samples.numpy() for samples, _ in batches])
        _check_finite(images, not_finite=sum(int(count) for _, count in batches))
        return images

    def _check_labels(self, labels: Array, num_images: int) -> None:
        if self.num_classes is None:
            raise InputError("`labels` must not be given to an unconditional GAN.")
        if np.shape(labels) != (num_images,):
            received = f"{len(labels)}" if np.ndim(labels) == 1 else f"shape {np.shape(labels)}"
            raise InputError(f"`labels` must be {num_images}, one for each image. Received: {received}")
        check_label_range(labels, self.num_classes)


@contextlib.contextmanager
def _thawed(generator: keras.Model) -> Iterator[None]:
    """Lets a generator normalise as in training, also one that nothing trains, and restores what that changes."""
    variables, is_frozen = generator.variables, not generator.trainable
    before = [variable.numpy() for variable in variables]
    if is_frozen:
        generator.trainable = True
    try:
        yield
    finally:
        if is_frozen:
            generator.trainable = False
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def _count_not_finite(samples: Tensor) -> Tensor:
    """Returns how many samples (B, ...) have a value that is NaN or infinite; a conversion to uint8 hides them."""
    finite = tf.reduce_all(tf.math.is_finite(samples), axis=list(range(1, samples.shape.rank)))  # (B,)
    return tf.math.count_nonzero(tf.logical_not(finite))


def _check_finite(samples: Array, *, not_finite: int) -> None:
    if not_finite:
        kind = "images" if are_images(samples.shape[1:]) else "points"
        raise NotFinite(
            f"the generator drew {not_finite} of {len(samples)} {kind} with values that are not finite "
            "(NaN or infinite); its training diverged"
        )
