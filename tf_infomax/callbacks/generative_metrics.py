"""Quality and coverage of samples during training."""

from pathlib import Path

import tensorflow as tf

from tf_infomax.callbacks.step_callback import SummaryCallback
from tf_infomax.metrics import FeatureExtractor, frechet_distance, mode_statistics
from tf_infomax.types import Array


class GenerativeMetrics(SummaryCallback):
    """Writes FID, and where the features count modes also modes and their KL to uniform, to TensorBoard.

    A small sample for watching a curve; `trainers.evaluate` gives the numbers to report.

    Args:
        log_folder: TensorBoard's log directory.
        extractor: Features of images.
        real_images: (N, H, W, C) uint8, what samples are compared with.
        every: Generator steps between two measurements.
        seed: Seed of the samples' latents.
        batch_statistics: As for `GAN.generate`.
    """

    def __init__(
        self,
        log_folder: Path,
        *,
        extractor: FeatureExtractor,
        real_images: Array,
        every: int = 500,
        seed: int = 1,
        batch_statistics: int | None = None,
    ) -> None:
        super().__init__(log_folder, every=every)
        self.extractor = extractor
        self.seed = seed
        self.batch_statistics = batch_statistics
        self.num_images = len(real_images)
        self._real = extractor(real_images).activations

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        images = self.model.generate(self.num_images, self.seed, batch_statistics=self.batch_statistics)
        fake = self.extractor(images)
        tf.summary.scalar("metrics/fid", frechet_distance(self._real, fake.activations))
        if self.extractor.counts_modes:
            coverage = mode_statistics(fake.modes, fake.logits.shape[1])
            tf.summary.scalar("metrics/modes", coverage.count)
            tf.summary.scalar("metrics/modes_kl", coverage.kl_to_uniform)
