"""Walks through the latents of a GAN, from the images of one seed to those of another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from tf_infomax.callbacks.sample_grids import grid_layout
from tf_infomax.errors import InputError
from tf_infomax.images import are_images, image_grid, write_png
from tf_infomax.latents import LatentChoice, check_seed, generation_latents, interpolated_latents
from tf_infomax.models import GAN, sampler_of
from tf_infomax.progress import progress_bar
from tf_infomax.runs.animation import ANIMATIONS, write_animation
from tf_infomax.types import Array, Tensor

STEPS = 30
"""Default number of frames from a seed to the next."""


class Walk:
    """Frames of grids of images, each of which moves from seed to seed: image i of one to image i of the next.

    The latents follow an arc, see `interpolated_latents`, and are bounded after it, so that every frame keeps to the
    bound. The frame at a seed is the grid of `tf-infomax sample` for this seed and number of images, bit for bit; its
    first image is the first of `GAN.generate`. In a conditional GAN each row keeps its class.

    Args:
        gan: A GAN of images.
        seeds: At least two, each other than the one before it.
        steps: Frames from a seed to the next, both of theirs included.
        loop: Whether the walk goes back to the first seed, up to the frame before it.
        num_images: Number of images in a frame; with rows of classes, the nearest that fills them.
        classes: Classes of the rows of a conditional GAN; if None, all, or ten evenly spaced of more than ten.
        class_names: Names of all classes, if they have any.
        truncation: Bound of the latents, see `truncated_latents`; none if None.
        weights: `"average"` or `"raw"`, see `resolve_weights`.

    Attributes:
        num_frames: Number of frames.

    Raises:
        InputError: The GAN is one of points, the seeds, steps, numbers or the bound are out of range, or the GAN has no
            such classes or weights.
    """

    def __init__(
        self,
        gan: GAN,
        seeds: Sequence[int],
        *,
        steps: int = STEPS,
        loop: bool = False,
        num_images: int | None = None,
        classes: Sequence[int] | None = None,
        class_names: Sequence[str] | None = None,
        truncation: float | None = None,
        weights: str | None = None,
    ) -> None:
        check_walk(seeds, steps, loop=loop)
        if not are_images(gan.image_shape):
            raise InputError("A walk needs a GAN of images. Received: a GAN of points")
        self._choice = LatentChoice(truncation=truncation)
        number = self._choice.number(num_images, 1)
        self._layout = grid_layout(gan, self._choice, number, classes=classes, class_names=class_names)
        self._sampler = sampler_of(gan, weights)
        self._seeds = [*seeds, seeds[0]] if loop else list(seeds)
        self._steps = steps
        self.num_frames = (len(self._seeds) - 1) * (steps - 1) + (0 if loop else 1)

    def frames(self) -> Iterator[Array]:
        """Draws one frame after the other: pictures (height, width, C) uint8.

        Raises:
            InputError: Samples have values that are not finite.
        """
        return map(self._layout.grid, self._images())

    def strip(self) -> Array:
        """Draws the walk of each image as a row of one picture (height, width, C) uint8.

        Raises:
            InputError: Samples have values that are not finite.
        """
        by_image = np.stack(list(self._images()), axis=1)  # (R * N, frames, H, W, C)
        strip = image_grid(np.concatenate(by_image), columns=self.num_frames)
        return self._layout.named(strip)

    def _images(self) -> Iterator[Array]:
        with progress_bar(self.num_frames, unit="frame") as bar:
            for number in range(self.num_frames):
                yield self._layout.images(self._sampler, self._latents(number))
                bar.update()

    def _latents(self, number: int) -> Tensor:
        """Returns the latents (N, Z) of a frame."""
        leg, step = divmod(number, self._steps - 1)
        start = self._latents_of(self._seeds[leg])
        if step == 0:
            return self._choice.bounded(start)
        end = self._latents_of(self._seeds[leg + 1])
        return self._choice.bounded(interpolated_latents(start, end, step / (self._steps - 1)))

    def _latents_of(self, seed: int) -> Tensor:
        return generation_latents(self._layout.num_latents, self._sampler.latent_dim, seed)


def check_walk(seeds: Sequence[int], steps: int, *, loop: bool = False) -> None:
    """Checks the seeds and steps of a walk.

    Raises:
        InputError: There are fewer than two seeds or steps, two seeds that follow each other are equal, or one is out
            of range.
    """
    for seed in seeds:
        check_seed(seed)
    following = [*seeds[1:], seeds[0]] if loop and len(seeds) > 1 else seeds[1:]
    if len(seeds) < 2 or any(seed == after for seed, after in zip(seeds, following)):
        raise InputError(
            "`interpolate` must be at least two seeds, each other than the one before it. "
            f"Received: {' '.join(map(str, seeds)) or 'none'}"
        )
    if steps < 2:
        raise InputError(f"`steps` must be at least 2, the frames of two seeds. Received: {steps}")


def write_walk(walk: Walk, path: Path) -> None:
    """Writes a walk as an animation, `NAME.gif` or `NAME.mp4`, or its strip, `NAME.png`.

    Args:
        walk: The walk.
        path: File to write, with a suffix of `WALK_FILES`; it is replaced if it exists.

    Raises:
        InputError: The encoder of this suffix is not installed, or samples have values that are not finite.
    """
    tf.config.experimental.enable_op_determinism()
    WALK_FILES[path.suffix](walk, path)


def _write_frames(walk: Walk, path: Path) -> None:
    write_animation(path, walk.frames())


WALK_FILES: Mapping[str, Callable[[Walk, Path], None]] = {
    **dict.fromkeys(ANIMATIONS, _write_frames),
    ".png": lambda walk, path: write_png(path, walk.strip()),
}
"""What writes a walk, by the suffix of its file."""
