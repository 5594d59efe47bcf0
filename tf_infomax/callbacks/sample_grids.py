"""Pictures of samples: a square grid of images, a row for each class, or points in the plane."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.images import are_images, image_grid
from tf_infomax.latents import LatentChoice, generation_seed
from tf_infomax.models.gan import GAN
from tf_infomax.models.generator_weights import sampler_of
from tf_infomax.models.sampler import Sampler
from tf_infomax.models.validation import check_classes
from tf_infomax.plots import scatter_panels, with_row_names
from tf_infomax.types import Array, Tensor

MAX_ROWS = 10
NUM_IMAGES = 64
NUM_POINTS = 2500


@dataclass(frozen=True)
class GridLayout:
    """What a grid of images shows: latents, of a conditional GAN the same ones in a row for each class.

    Attributes:
        num_latents: Number of latents (N).
        classes: Classes of the rows (R of them); None of a GAN that is not conditional.
        row_names: Their names; None for none.
    """

    num_latents: int
    classes: tuple[int, ...] | None = None
    row_names: tuple[str, ...] | None = None

    def images(self, sampler: Sampler, latents: Tensor) -> Array:
        """Draws latents (N, Z) to images (N, H, W, C) uint8, or (R * N, H, W, C), row by row."""
        if self.classes is None:
            return sampler.render(latents)
        return np.concatenate([sampler.render(latents, np.full(self.num_latents, label)) for label in self.classes])

    def grid(self, images: Array) -> Array:
        """Lays these images out as one picture (height, width, C) uint8."""
        if self.classes is None:
            return image_grid(images)
        return self.named(image_grid(images, columns=self.num_latents))

    def named(self, picture: Array) -> Array:
        """Writes the names of the classes beside a picture whose rows they share equally."""
        return picture if self.row_names is None else with_row_names(picture, self.row_names)


def grid_layout(
    gan: GAN,
    choice: LatentChoice,
    num_images: int,
    *,
    classes: Sequence[int] | None = None,
    class_names: Sequence[str] | None = None,
) -> GridLayout:
    """Returns the layout of a grid.

    Args:
        gan: The GAN.
        choice: The latents; with several seeds, each has one latent.
        num_images: Number of images; with rows of classes, the nearest that fills them.
        classes: Classes of the rows; if None, all, or ten evenly spaced of more than ten.
        class_names: Names of all classes, if they have any.

    Raises:
        InputError: Classes are given that the GAN does not have.
    """
    if classes is not None:
        check_classes(classes, gan.num_classes)
    if gan.num_classes is None:
        return GridLayout(num_images)
    if classes is None:
        classes = np.unique(np.linspace(0, gan.num_classes - 1, MAX_ROWS).astype(int)).tolist()
    columns = max(1, round(num_images / len(classes))) if choice.seeds is None else num_images
    names = None if class_names is None else tuple(class_names[label] for label in classes)
    return GridLayout(columns, tuple(classes), names)


def sample_grid(
    gan: GAN,
    *,
    num_images: int | None = None,
    seed: int = 0,
    seeds: Sequence[int] | None = None,
    classes: Sequence[int] | None = None,
    class_names: Sequence[str] | None = None,
    truncation: float | None = None,
    weights: str | None = None,
    real_points: Array | None = None,
) -> Array:
    """Draws samples as one picture.

    A conditional GAN gets a row for each class, all from the same latents: only the class changes down a column.
    Points are drawn as dots in the plane.

    Args:
        gan: The GAN to sample.
        num_images: Approximate number of samples; with rows of classes, the nearest that fills them. 64 images or 2,500
            points if None.
        seed: Seed of the latents; also that of a run, below 2**32.
        seeds: Seeds of one image each, with rows of classes of one column each, in place of `seed` and `num_images`.
        classes: Classes of the rows; if None, all, or ten evenly spaced of more than ten.
        class_names: Names of all classes, which are written beside the rows; none if None.
        truncation: Bound of the latents, see `truncated_latents`; none if None.
        weights: Weights of the generator, `"average"` or `"raw"`; the moving average if None and there is one.
        real_points: Points of the data (N, 2), drawn beneath generated ones; they set the axes.

    Returns:
        (height, width, C) uint8.

    Raises:
        InputError: Classes or weights are given that the GAN does not have, the seeds, the number or the bound are out
            of range, or points are not in the plane.
    """
    choice = LatentChoice(generation_seed(seed), None if seeds is None else tuple(seeds), truncation)
    number = choice.number(num_images, NUM_IMAGES if are_images(gan.image_shape) else NUM_POINTS)
    layout = grid_layout(gan, choice, number, classes=classes, class_names=class_names)
    sampler = sampler_of(gan, weights)
    if not are_images(gan.image_shape):
        return _point_cloud(gan, sampler, choice, number, real_points)
    return layout.grid(layout.images(sampler, choice.latents(layout.num_latents, sampler.latent_dim)))


def _point_cloud(gan: GAN, sampler: Sampler, choice: LatentChoice, num_points: int, real_points: Array | None) -> Array:
    if gan.image_shape != (2,):
        raise InputError(f"Only points in the plane can be drawn. Received: {gan.image_shape[0]} dimensions")
    labels = None if gan.num_classes is None else choice.labels(num_points, gan.num_classes)
    points = sampler.render(choice.latents(num_points, sampler.latent_dim), labels)
    return scatter_panels({"samples": points}, real_points, dots_per_inch=200)
