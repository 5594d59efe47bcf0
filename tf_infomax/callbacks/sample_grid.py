"""Sample grids from fixed latents over the course of training."""

from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from tf_infomax.callbacks.sample_grids import sample_grid
from tf_infomax.callbacks.step_callback import SummaryCallback
from tf_infomax.images import write_png
from tf_infomax.models.players import current_step
from tf_infomax.types import Array

FINAL_GRID = "final.png"


class SampleGrid(SummaryCallback):
    """Draws a grid of samples from fixed latents, at regular steps and at the end of training.

    Args:
        folder: Folder for `step_000500.png` ... and, at the end of training, `final.png`.
        log_folder: TensorBoard's log directory.
        every: Generator steps between two grids.
        num_images: See `sample_grid`.
        seed: Seed of the latents.
        class_names: See `sample_grid`.
        real_points: See `sample_grid`.
    """

    def __init__(
        self,
        folder: Path,
        log_folder: Path,
        *,
        every: int = 500,
        num_images: int | None = None,
        seed: int = 0,
        class_names: Sequence[str] | None = None,
        real_points: Array | None = None,
    ) -> None:
        super().__init__(log_folder, every=every)
        self.folder = folder
        self.num_images = num_images
        self.seed = seed
        self.class_names = class_names
        self.real_points = real_points

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        super().on_train_begin(logs)
        step = current_step(self.model)
        if step and not self._path(step).exists():
            # A checkpoint is written before its grid is drawn, and the run may have ended in between.
            self.on_step(step, {})

    def summarise(self, step: int, logs: dict[str, float]) -> None:
        self._draw(self._path(step))

    def _path(self, step: int) -> Path:
        return self.folder / f"step_{step:06d}.png"

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        if not self.model.stop_training:
            with self._writer.as_default(current_step(self.model)):
                self._draw(self.folder / FINAL_GRID)
        super().on_train_end(logs)

    def _draw(self, path: Path) -> None:
        grid = sample_grid(
            self.model,
            num_images=self.num_images,
            seed=self.seed,
            class_names=self.class_names,
            real_points=self.real_points,
        )
        write_png(path, grid)
        tf.summary.image("samples", grid[None])
