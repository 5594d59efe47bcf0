"""Exact statistics for the batch normalisation of a trained generator."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.latents import check_seed, generation_labels, generation_latents
from tf_infomax.layers import BatchNormalization
from tf_infomax.networks.conditioning import call_network
from tf_infomax.types import Array, Tensor


def recalibrate(generator: keras.Model, num_latents: int, *, seed: int = 0, batch_size: int = 256) -> None:
    """Replaces the running statistics of a generator's batch normalisation by exact ones over many latents.

    Running statistics are averages over the last updates: they lag behind the weights, and each is that of a small
    batch, normalised by the noisy statistics of the layers before. Here each layer, from the first to the last, gets
    the mean and the unbiased variance of what reaches it at inference, when the layers before it have theirs already.
    This is one pass over all latents as a single batch in training mode, whatever the size of the batches.

    Args:
        generator: Has `latent_dim`; conditional if it has `num_classes`, whose labels are then drawn uniformly.
        num_latents: Number of latents (N).
        seed: Seed of the latents and labels: those of `GAN.generate`.
        batch_size: Latents computed at once.

    Raises:
        InputError: The generator has no batch normalisation, `num_latents` is below 2, or the seed is beyond 32 bits.
    """
    if num_latents < 2:
        raise InputError(f"`num_latents` must be at least 2. Received: {num_latents}")
    check_seed(seed)
    latents = generation_latents(num_latents, generator.latent_dim, seed)
    num_classes = getattr(generator, "num_classes", None)
    labels = generation_labels(num_latents, num_classes, seed) if num_classes else None

    def draw(number: int) -> None:
        for start in range(0, number, batch_size):
            rows = slice(start, min(start + batch_size, number))
            call_network(generator, latents[rows], None if labels is None else labels[rows], training=False)

    for layer in _in_order_of_calls(generator, lambda: draw(2)):
        moments = _moments_of_inputs(layer, lambda: draw(num_latents))
        layer.moving_mean.assign(moments.mean)
        layer.moving_variance.assign(moments.unbiased_variance)


class _Moments:
    """Mean and variance (C,) of streamed values (..., C), in float64.

    Args:
        shift: Values (C,) near the mean, which are subtracted before squaring.
    """

    def __init__(self, shift: Array) -> None:
        self._shift = shift.astype(np.float64)
        self._count = 0
        self._sum = self._squares = np.zeros_like(self._shift)

    def add(self, values: Tensor) -> None:
        centred = tf.cast(values, tf.float64).numpy().reshape(-1, len(self._shift)) - self._shift
        self._count += len(centred)
        self._sum = self._sum + centred.sum(axis=0)
        self._squares = self._squares + np.square(centred).sum(axis=0)

    @property
    def mean(self) -> Array:
        return self._shift + self._sum / self._count

    @property
    def unbiased_variance(self) -> Array:
        return (self._squares - np.square(self._sum) / self._count) / (self._count - 1)


def _moments_of_inputs(layer: BatchNormalization, draw: Callable[[], None]) -> _Moments:
    moments = _Moments(layer.moving_mean.numpy())
    _observed([layer], lambda _, inputs: moments.add(inputs), draw)
    return moments


def _in_order_of_calls(generator: keras.Model, draw: Callable[[], None]) -> list[BatchNormalization]:
    layers = [layer for layer in compat.sublayers(generator) if isinstance(layer, BatchNormalization)]
    if not layers:
        found = type(generator).__name__
        raise InputError(f"A generator to recalibrate must have batch normalisation. Received: {found}")
    called: list[BatchNormalization] = []
    _observed(layers, lambda layer, _: called.append(layer), draw)
    return called


def _observed(
    layers: list[BatchNormalization],
    observe: Callable[[BatchNormalization, Tensor], None],
    draw: Callable[[], None],
) -> None:
    """Draws while each layer shows its inputs at inference."""
    for layer in layers:
        layer.observer = observe
    try:
        draw()
    finally:
        for layer in layers:
            layer.observer = None
