"""Mode coverage: which of the data's known modes a generator reaches, and how evenly."""

import dataclasses

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.types import Array


@dataclasses.dataclass(frozen=True)
class ModeStatistics:
    """Coverage of the modes by a set of samples.

    Attributes:
        count: Modes with at least one sample.
        kl_to_uniform: KL(p || uniform over all modes) in nats, p the share of samples in each mode.
    """

    count: int
    kl_to_uniform: float


def mode_statistics(labels: Array, num_modes: int) -> ModeStatistics:
    """Counts the modes that `labels` hit and the divergence of their frequencies from uniform.

    `KL(p || u) = sum_k p_k log(p_k K)`: 0 when every mode has the same share, log(K) when one mode has all samples.

    Args:
        labels: (N,) integers in [0, num_modes): the mode of each sample.
        num_modes: K, the number of modes of the data.

    Raises:
        InputError: No labels, labels that are not integers, or labels outside [0, num_modes).

    Source:
        Metz et al. 2017 (Unrolled GAN) and Lin et al. 2018 (PacGAN): Stacked MNIST with K = 1000.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0 or not np.issubdtype(labels.dtype, np.integer):
        raise InputError(f"`labels`: expected a vector of integers. Received: {labels.dtype} of shape {labels.shape}")
    if labels.min() < 0 or labels.max() >= num_modes:
        raise InputError(f"`labels`: expected values in [0, {num_modes}). Received: {labels.min()} to {labels.max()}")
    counts = np.bincount(labels, minlength=num_modes)
    shares = counts[counts > 0] / labels.size
    return ModeStatistics(int(np.count_nonzero(counts)), float(np.sum(shares * np.log(shares * num_modes))))
