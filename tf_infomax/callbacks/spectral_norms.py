"""Spectral norms of normalised kernels in TensorBoard."""

from pathlib import Path

import tensorflow as tf

from tf_infomax.callbacks.step_callback import SummaryCallback
from tf_infomax.compat import sublayers
from tf_infomax.layers import SpectralNormalization

DESCRIPTION = "Estimate of the kernel's largest singular value, by which it is divided."


class SpectralNorms(SummaryCallback):
    """Writes `spectral_norm/<layer>`, the estimated largest singular value of each normalised kernel.

    Args:
        log_folder: TensorBoard's log directory.
        every: Generator steps between writes.
    """

    def __init__(self, log_folder: Path, *, every: int = 50) -> None:
        super().__init__(log_folder, every=every)

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        for layer in sublayers(self.model):
            if isinstance(layer, SpectralNormalization):
                tf.summary.scalar(f"spectral_norm/{layer.path}", layer.sigma(), description=DESCRIPTION)
