"""Metrics of samples during training."""

from pathlib import Path
from typing import Any

import tensorflow as tf

from tf_infomax.callbacks.step_callback import SummaryCallback
from tf_infomax.metrics import Suite
from tf_infomax.types import Array


class SampleMetrics(SummaryCallback):
    """Writes the watched metrics of a suite to TensorBoard, as `metrics/<name>`.

    The sample is small, for watching a curve; `trainers.evaluate` gives the numbers to report.

    Args:
        log_folder: TensorBoard's log directory.
        suite: Suite of metrics, from `suite_for(source)`.
        real: Real samples, images (N, H, W, C) uint8 or points (N, D), compared with N generated ones.
        every: Generator steps between two measurements.
        seed: Seed of the samples' latents.
        batch_statistics: See `GAN.generate`.
    """

    def __init__(
        self,
        log_folder: Path,
        *,
        suite: Suite[Any, Any],
        real: Array,
        every: int = 500,
        seed: int = 1,
        batch_statistics: int | None = None,
    ) -> None:
        super().__init__(log_folder, every=every)
        self.suite = suite.watched
        self.seed = seed
        self.batch_statistics = batch_statistics
        self.num_samples = len(real)
        self._real = self.suite.extract(real)

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        fake = self.model.generate(self.num_samples, self.seed, batch_statistics=self.batch_statistics)
        for name, measurement in self.suite.compare(self._real, self.suite.extract(fake)).items():
            tf.summary.scalar(f"metrics/{name}", float(measurement))
