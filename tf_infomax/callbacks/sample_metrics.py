"""Metrics of samples during training."""

import logging
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf
import tqdm

from tf_infomax.callbacks.best_model import BestModel
from tf_infomax.callbacks.health import findings, spread_like
from tf_infomax.callbacks.measurement_history import Measured, MeasurementHistory
from tf_infomax.callbacks.step_callback import SummaryCallback
from tf_infomax.metrics import Measurement, Suite
from tf_infomax.models.players import current_step
from tf_infomax.types import Array

_logger = logging.getLogger(__name__)


class SampleMetrics(SummaryCallback):
    """Measures samples at regular steps and writes the metrics to TensorBoard, as `metrics/<name>`.

    The sample is small, for watching a curve; `trainers.evaluate` gives the numbers to report. A line on standard error
    says when the numbers stop improving or the generator collapses, see `health.findings`.

    Args:
        log_folder: TensorBoard's log directory.
        suite: Suite of metrics, from `suite_for(source)`.
        real: Real samples, images (N, H, W, C) uint8 or points (N, D), compared with N generated ones.
        every: Generator steps between two measurements.
        seed: Seed of the samples' latents.
        batch_statistics: See `GAN.generate`.
        metrics: Metrics to measure, by their names or groups; the suite's watched ones if None.
        history_path: File of the measurements, from which a resumed run goes on; None for none.
        best: Keeps the best model by one of the metrics; None to keep none.

    Raises:
        InputError: There is no such metric, it does not apply, or the samples do not fit the suite or are too few.
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
        metrics: Iterable[str] | None = None,
        history_path: Path | None = None,
        best: BestModel | None = None,
    ) -> None:
        super().__init__(log_folder, every=every)
        self.suite = suite.watched if metrics is None else suite.only(metrics)
        self.seed = seed
        self.batch_statistics = batch_statistics
        self.num_samples = len(real)
        for name, row in self.suite.metrics.items():
            if self.suite.applies(row):
                row.check_numbers(name, num_real=self.num_samples, num_fake=self.num_samples)
        self.best = best
        self._protocol = {"num_samples": self.num_samples, "batch_statistics": batch_statistics}
        self.history = MeasurementHistory(history_path, {"features": suite.feature_name, **self._protocol})
        self._real = self.suite.extract(real)
        self._spread = spread_like(real)

    @property
    def distance(self) -> str | None:
        """Name of the first metric of which lower values are better; None if there is none."""
        return next((name for name, row in self.suite.metrics.items() if row.better == "lower"), None)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        super().on_train_begin(logs)
        step = current_step(self.model)
        self.history.resume(step)
        if step and not self.history.has(step):
            # A checkpoint is written before its step is measured, and the run may have been killed in between.
            self.on_step(step, {})

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        fake = self.model.generate(self.num_samples, self.seed, batch_statistics=self.batch_statistics)
        measured = self.suite.compare(self._real, self.suite.extract(fake))
        for name, measurement in measured.items():
            tf.summary.scalar(f"metrics/{name}", float(measurement), description=self._describe(name, measurement))
        self._writer.flush()
        if self.best is not None:
            self.best.offer(self.model, self._record(self.best.metric, measured, step))
        # Last: what the history has is complete.
        values = {name: float(measurement) for name, measurement in measured.items()}
        self.history.add(Measured(step, values, self._spread.measure(fake)))
        self._report()

    def _report(self) -> None:
        for line in findings(self.history.measurements, spread=self._spread, distance=self.distance):
            tqdm.tqdm.write(line, file=sys.stderr)  # Above the progress bar.
            _logger.info(line)

    def _describe(self, name: str, measurement: Measurement) -> str:
        row = self.suite.metrics[name]
        return (
            f"{row.heading}: {measurement.definition}. {row.better.capitalize()} is better. {self.num_samples:,} "
            f"generated against as many real samples, features {self.suite.feature_name}."
        )

    def _record(self, name: str, measured: Mapping[str, Measurement], step: int) -> dict[str, Any]:
        value, definition = float(measured[name]), measured[name].definition
        return {"metric": name, "value": value, "step": step, "definition": definition, **self._protocol}
