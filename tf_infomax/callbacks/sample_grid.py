"""Pictures of what the generator makes of the same latents as training goes on."""

from pathlib import Path

import tensorflow as tf

from tf_infomax.callbacks.step_callback import StepCallback, current_step
from tf_infomax.files import write_bytes
from tf_infomax.images import image_grid
from tf_infomax.types import Array


class SampleGrid(StepCallback):
    """Draws a grid of samples from fixed latents, every so many steps and when training is complete.

    Args:
        folder: Where `step_000500.png` ... and, at the end of training, `final.png` go.
        log_folder: TensorBoard's log directory.
        every: Generator steps between two grids.
        num_images: Samples in a grid.
        seed: Seed of the latents.
    """

    def __init__(
        self, folder: Path, log_folder: Path, *, every: int = 500, num_images: int = 64, seed: int = 0
    ) -> None:
        super().__init__()
        self.folder = folder
        self.log_folder = log_folder
        self.every = every
        self.num_images = num_images
        self.seed = seed

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._writer = tf.summary.create_file_writer(str(self.log_folder))

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        if step % self.every == 0:
            self._draw(step, self.folder / f"step_{step:06d}.png")

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        if not self.model.stop_training:
            self._draw(current_step(self.model), self.folder / "final.png")
        self._writer.close()

    def _draw(self, step: int, path: Path) -> None:
        grid = image_grid(self.model.generate(self.num_images, self.seed))
        write_png(path, grid)
        with self._writer.as_default(step):
            tf.summary.image("samples", grid[None])


def write_png(path: Path, image: Array) -> None:
    """Writes an image (H, W, C) uint8 as PNG, atomically."""
    write_bytes(path, tf.io.encode_png(image).numpy())
