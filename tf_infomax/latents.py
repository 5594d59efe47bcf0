"""Stateless randomness: every number drawn is a function of the run's seed, the step and the purpose."""

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

from tf_infomax.errors import InputError, check_positive
from tf_infomax.types import Tensor

SEEDS = range(-(2**31), 2**31)
"""Seeds of `generation_latents`: as int32, any other integer would become one of these."""

_SMALLEST_SINE = 1e-4
"""Sine of an angle below which an arc is a straight line to float32, or has no direction."""


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


def interpolated_latents(start: Tensor, end: Tensor, fraction: float) -> Tensor:
    """Interpolates between normal latents along an arc, on which their lengths stay those of normal latents.

    z(t) = (sin((1 - t) a) z_0 + sin(t a) z_1) / sin a, where a is the angle between z_0 and z_1. On a straight line the
    latents in between would be shorter by up to a factor of sqrt(2), and their images greyer. Latents that are parallel
    or opposite, whose arc is not defined, are joined by the straight line.

    Args:
        start: (N, Z) float32 (z_0), what the fraction 0 gives, bit for bit.
        end: (N, Z) float32 (z_1), what the fraction 1 gives.
        fraction: From 0 to 1 (t).

    Returns:
        (N, Z) float32.

    Source: Shoemake, 1985; White, 2016, for the latents of a generator.
    """
    cosines = tf.reduce_sum(tf.math.l2_normalize(start, axis=1) * tf.math.l2_normalize(end, axis=1), axis=1)
    angles = tf.acos(tf.clip_by_value(cosines, -1.0, 1.0))[:, None]  # (N, 1)
    sines = tf.sin(angles)
    is_arc = sines > _SMALLEST_SINE
    divisors = tf.where(is_arc, sines, 1.0)
    first = tf.where(is_arc, tf.sin((1.0 - fraction) * angles) / divisors, 1.0 - fraction)
    second = tf.where(is_arc, tf.sin(fraction * angles) / divisors, fraction)
    return first * start + second * end


def uniform_labels(num_labels: int | Tensor, num_classes: int, seed: Tensor) -> Tensor:
    """Draws labels (N,) int64, uniform over the classes, from a stateless seed (2,)."""
    return tf.random.stateless_uniform([num_labels], seed, maxval=num_classes, dtype=tf.int64)


def generation_labels(num_images: int | Tensor, num_classes: int, seed: int | Tensor) -> Tensor:
    """Draws the labels (N,) int64 that go with `generation_latents` when none are given."""
    return uniform_labels(num_images, num_classes, stateless_seed(seed, 0, "generate/labels"))


@dataclass(frozen=True)
class LatentChoice:
    """A choice of latents and labels: many of one seed, or the first of each of several seeds.

    Args:
        seed: Seed of all latents.
        seeds: Seeds of one sample each, in place of `seed`: the first that `GAN.generate` draws from it.
        truncation: Bound of the numbers in the latents, see `truncated_latents`; none if None.

    Raises:
        InputError: A seed is out of range or there twice, there are both `seed` and `seeds`, or the bound is not
            positive.
    """

    seed: int = 0
    seeds: tuple[int, ...] | None = None
    truncation: float | None = None

    def __post_init__(self) -> None:
        for seed in (self.seed, *(self.seeds or ())):
            check_seed(seed)
        if self.seeds is not None and (not self.seeds or len(set(self.seeds)) < len(self.seeds)):
            raise InputError(f"`seeds` must be distinct, at least one. Received: {list(self.seeds)}")
        if self.seeds is not None and self.seed:
            raise InputError(f"`seed` must not be given beside `seeds`. Received: {self.seed}")
        if self.truncation is not None:
            check_positive(truncation=float(self.truncation))

    def number(self, given: int | None, default: int) -> int:
        """Returns the number of samples: that of the seeds, or the given one, or the default.

        Raises:
            InputError: A number is given beside `seeds`, or below 1.
        """
        if self.seeds is None:
            check_positive(num_images=default if given is None else given)
            return default if given is None else given
        if given is not None:
            raise InputError(f"`num_images` must not be given beside `seeds`, which have one each. Received: {given}")
        return len(self.seeds)

    def latents(self, number: int, latent_dim: int) -> Tensor:
        """Draws latents (N, Z); of several seeds, the seeds repeat after the last."""
        if self.seeds is None:
            latents = generation_latents(number, latent_dim, self.seed)
        else:
            latents = self._first_of_each(number, lambda seed: generation_latents(1, latent_dim, seed))
        return self.bounded(latents)

    def labels(self, number: int, num_classes: int) -> Tensor:
        """Draws the labels (N,) int64 that go with the latents."""
        if self.seeds is None:
            return generation_labels(number, num_classes, self.seed)
        return self._first_of_each(number, lambda seed: generation_labels(1, num_classes, seed))

    def bounded(self, latents: Tensor) -> Tensor:
        """Maps normal latents (N, Z) into the bound, if there is one."""
        if self.truncation is None:
            return latents
        return truncated_latents(latents, tf.fill([latents.shape[0]], float(self.truncation)))

    def _first_of_each(self, number: int, draw: Callable[[int], Tensor]) -> Tensor:
        """Returns what each seed draws (1, ...) as rows (N, ...), again from the first after the last."""
        rows = tf.concat([draw(seed) for seed in self.seeds or ()], axis=0)
        return tf.gather(rows, tf.range(number) % rows.shape[0])
