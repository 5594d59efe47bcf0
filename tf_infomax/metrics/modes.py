"""Mode coverage of a generator, for data with known modes."""

import dataclasses
import math

import numpy as np
from scipy.spatial.distance import cdist

from tf_infomax.errors import InputError
from tf_infomax.metrics.validation import as_float64, check_same_width
from tf_infomax.types import Array, Tensor


@dataclasses.dataclass(frozen=True)
class ModeStatistics:
    """Coverage of the modes by a set of samples.

    Attributes:
        count: Modes with at least one sample.
        kl_to_uniform: KL(p || uniform over all modes) in nats, p the share of samples in each mode.
    """

    count: int
    kl_to_uniform: float


@dataclasses.dataclass(frozen=True)
class MixtureCoverage:
    """Coverage of a mixture of Gaussians by a set of points.

    Attributes:
        count: Modes with at least one point of high quality.
        high_quality: Share of the points that are of high quality, in [0, 1].
    """

    count: int
    high_quality: float


def mode_statistics(labels: Array, num_modes: int) -> ModeStatistics:
    """Returns the number of modes in `labels` and the divergence of their frequencies from uniform.

    `KL(p || u) = sum_k p_k log(p_k K)`: 0 when every mode has the same share, log(K) when one mode has all samples.

    Args:
        labels: (N,) integers in [0, num_modes): the mode of each sample.
        num_modes: K, the number of modes of the data.

    Raises:
        InputError: Labels are missing, not integers, or outside [0, num_modes).

    Source:
        Metz et al. 2017 (Unrolled GAN) and Lin et al. 2018 (PacGAN): Stacked MNIST with K = 1000.
    """
    labels = _checked_labels(labels, num_modes)
    counts = np.bincount(labels, minlength=num_modes)
    shares = counts[counts > 0] / labels.size
    return ModeStatistics(int(np.count_nonzero(counts)), float(np.sum(shares * np.log(shares * num_modes))))


def _checked_labels(labels: Array, num_modes: int) -> Array:
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0 or not np.issubdtype(labels.dtype, np.integer):
        raise InputError(f"`labels`: expected a vector of integers. Received: {labels.dtype} of shape {labels.shape}")
    if labels.min() < 0 or labels.max() >= num_modes:
        raise InputError(f"`labels`: expected values in [0, {num_modes}). Received: {labels.min()} to {labels.max()}")
    return labels


def mixture_coverage(points: Array | Tensor, means: Array, std: float) -> MixtureCoverage:
    """Counts points near a mode, and modes near a point, for a mixture of isotropic Gaussians.

    A point belongs to the nearest mean, and is of high quality within 3 `std` of it (inclusive).

    Args:
        points: (N, D) floating point, N at least 2.
        means: (K, D): the centres of the modes.
        std: Standard deviation of each mode, in the unit of the points.

    Raises:
        InputError: `points` or `means` is not a finite matrix, the two differ in D, or `std` is not positive.

    Source:
        Srivastava et al. 2017 (VEEGAN) and Lin et al. 2018 (PacGAN): ring and grid, 2-D.
    """
    points, means = as_float64(points, name="points").numpy(), np.asarray(means, np.float64)
    if means.ndim != 2 or len(means) == 0 or means.shape[1] != points.shape[1] or not np.isfinite(means).all():
        raise InputError(
            f"`means`: expected finite values of shape (K, {points.shape[1]}). Received: {means[:3]} of {means.shape}"
        )
    _check_positive("std", std)
    distances = cdist(points, means)  # (N, K)
    near = distances.min(axis=1) <= 3.0 * std
    return MixtureCoverage(len(np.unique(distances.argmin(axis=1)[near])), float(near.mean()))


def grid_kl_divergence(
    real: Array | Tensor, fake: Array | Tensor, *, bin_size: float, smoothing: float = 1e-5
) -> float:
    """KL(p_real || p_fake) in nats between histograms of points in the plane.

    Bins are squares, numbered `floor(x / bin_size)`; the histograms have the B bins with a point of either set, so a
    distant point adds one bin, not a larger plane. Each probability is smoothed to `(p + s) / (1 + B s)`. The value is
    never 0 for two samples of one distribution: it depends on their size.

    Args:
        real: (N, 2) floating point, N at least 2.
        fake: (M, 2) floating point, M at least 2.
        bin_size: Side of a bin, in the unit of the points.
        smoothing: s, added to the probability of each bin.

    Raises:
        InputError: A set is not a finite matrix of 2 columns, or `bin_size` or `smoothing` is not positive.

    Source:
        GAN + VER, Section IV-B: bins as wide as the modes' standard deviation. Range, smoothing and direction are not
        given there and are our choices.
    """
    real, fake = as_float64(real, name="real").numpy(), as_float64(fake, name="fake").numpy()
    check_same_width(real, fake)
    if real.shape[1] != 2:
        raise InputError(f"`real`: expected points in the plane, (N, 2). Received: {real.shape}")
    _check_positive("bin_size", bin_size)
    _check_positive("smoothing", smoothing)
    bins = np.floor(np.concatenate([real, fake]) / bin_size)  # (N + M, 2), as floats: a far point cannot overflow
    used, bin_of_point = np.unique(bins, axis=0, return_inverse=True)
    of_real, of_fake = np.split(bin_of_point.reshape(-1), [len(real)])
    return _histogram_divergence(of_real, of_fake, len(used), smoothing)


def class_kl_divergence(real_labels: Array, fake_labels: Array, num_modes: int, *, smoothing: float = 1e-5) -> float:
    """KL(p_real || p_fake) in nats between the shares of the modes, each smoothed to `(p + s) / (1 + K s)`.

    A missing mode costs about log(p_real / s) times its share of the real data.

    Args:
        real_labels: (N,) integers in [0, num_modes).
        fake_labels: (M,) likewise.
        num_modes: K.
        smoothing: s.

    Raises:
        InputError: See `mode_statistics`; or `smoothing` is not positive.

    Source:
        GAN + VER, Table III: its 2.69 for 7.1 of 10 classes implies this direction, as the other is at most log(10).
        The smoothing is our choice.
    """
    real_labels, fake_labels = (_checked_labels(labels, num_modes) for labels in (real_labels, fake_labels))
    _check_positive("smoothing", smoothing)
    return _histogram_divergence(real_labels, fake_labels, num_modes, smoothing)


def _histogram_divergence(of_real: Array, of_fake: Array, num_bins: int, smoothing: float) -> float:
    """Returns KL(p_real || p_fake) of the shares of bins, from the bin of each point."""
    p, q = (np.bincount(bins, minlength=num_bins) / len(bins) + smoothing for bins in (of_real, of_fake))
    return float(np.sum(p * np.log(p / q)) / (1.0 + num_bins * smoothing))


def _check_positive(name: str, value: float) -> None:
    if not 0.0 < value < math.inf:
        raise InputError(f"`{name}`: expected a positive number. Received: {value}")
