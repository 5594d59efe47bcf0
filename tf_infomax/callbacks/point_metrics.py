"""Coverage of a mixture and distances from it during training."""

from pathlib import Path

import tensorflow as tf

from tf_infomax.callbacks.step_callback import SummaryCallback
from tf_infomax.metrics import evaluate_points
from tf_infomax.types import Array


class PointMetrics(SummaryCallback):
    """Writes all metrics of `evaluate_points` to TensorBoard.

    Args:
        log_folder: TensorBoard's log directory.
        real_points: (N, 2), what as many samples are compared with.
        means: (K, 2), of the mixture's components.
        std: Standard deviation of the components.
        every: Generator steps between two measurements.
        seed: Seed of the samples' latents.
        batch_statistics: As for `GAN.generate`.
    """

    def __init__(
        self,
        log_folder: Path,
        *,
        real_points: Array,
        means: Array,
        std: float,
        every: int = 500,
        seed: int = 1,
        batch_statistics: int | None = None,
    ) -> None:
        super().__init__(log_folder, every=every)
        self.real_points = real_points
        self.means = means
        self.std = std
        self.seed = seed
        self.batch_statistics = batch_statistics

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        fake = self.model.generate(len(self.real_points), self.seed, batch_statistics=self.batch_statistics)
        for name, value in evaluate_points(self.real_points, fake, means=self.means, std=self.std).items():
            tf.summary.scalar(f"metrics/{name}", value)
