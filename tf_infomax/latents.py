"""Stateless randomness: every number drawn is a function of the run's seed, the step and the purpose."""

import math
import zlib

import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.types import Tensor

SEEDS = range(-(2**31), 2**31)
"""Seeds of `generation_latents`: as int32, any other integer would become one of these."""


def check_seed(seed: int) -> None:
    """Raises an InputError unless a seed of generated samples is one of `SEEDS`."""
    if int(seed) not in SEEDS:
        raise InputError(f"`seed` must be from -2**31 to 2**31 - 1. Received: {seed}")


def generation_seed(run_seed: int) -> int:
    """Maps the seed of a run, which is below 2**32, to one of `SEEDS`: that with the same bits."""
    return run_seed - 2**32 if run_seed in range(2**31, 2**32) else run_seed


def stateless_seed(seed: int | Tensor, step: int | Tensor, purpose: str) -> Tensor:
    """Returns the seed (2,) int32 for one purpose at one step of a run.

    A `keras.random.SeedGenerator` would be mirrored, so all replicas would draw the same numbers, and
    checkpoints do not keep its state.
    """
    purpose_id = zlib.crc32(purpose.encode()) & 0x7FFFFFFF
    root = tf.stack([tf.cast(seed, tf.int32), purpose_id])
    return tf.random.fold_in(root, tf.cast(step, tf.int32))


def normal_latents(num_latents: int | Tensor, latent_dim: int, seed: Tensor) -> Tensor:
    """Draws latents (N, Z) float32 ~ N(0, 1) from a stateless seed (2,)."""
    return tf.random.stateless_normal([num_latents, latent_dim], seed)


def generation_latents(num_images: int | Tensor, latent_dim: int, seed: int | Tensor) -> Tensor:
    """Draws the latents (N, Z) float32 behind `GAN.generate` and the `generate` signature of an exported generator."""
    return normal_latents(num_images, latent_dim, stateless_seed(seed, 0, "generate"))


def truncated_latents(latents: Tensor, bounds: Tensor) -> Tensor:
    """Maps normal latents to normal ones within bounds, by the quantiles of both distributions.

    z -> Phi^-1(Phi(-t) + (Phi(t) - Phi(-t)) Phi(z)): each number keeps its sign and the order among all, and follows
    N(0, 1) given that it lies in [-t, t]. Samples of smaller bounds are more typical and less varied.

    Args:
        latents: (N, Z) float32 ~ N(0, 1).
        bounds: Positive bounds (N,) float32 (t), one for each row.

    Returns:
        (N, Z) float32.

    Source: the truncation of Brock et al., 2019 (BigGAN), which draws numbers beyond the bound again. By quantiles an
    image changes smoothly with its bound.
    """
    tail, cut = _upper_tail(tf.abs(latents)), _upper_tail(bounds)[:, None]  # (N, Z), (N, 1)
    size = -tf.math.ndtri(cut + (1 - 2 * cut) * tail)
    return tf.sign(latents) * tf.cast(size, latents.dtype)


def _upper_tail(values: Tensor) -> Tensor:
    """Returns 1 - Phi(z) in float64, in which it is not 0 for any z that is drawn."""
    return 0.5 * tf.math.erfc(tf.cast(values, tf.float64) / math.sqrt(2))


def uniform_labels(num_labels: int | Tensor, num_classes: int, seed: Tensor) -> Tensor:
    """Draws labels (N,) int64, uniform over the classes, from a stateless seed (2,)."""
    return tf.random.stateless_uniform([num_labels], seed, maxval=num_classes, dtype=tf.int64)


def generation_labels(num_images: int | Tensor, num_classes: int, seed: int | Tensor) -> Tensor:
    """Draws the labels (N,) int64 that go with `generation_latents` when none are given."""
    return uniform_labels(num_images, num_classes, stateless_seed(seed, 0, "generate/labels"))
