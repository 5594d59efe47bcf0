"""Pictures of samples: a square grid of images, a row for each class, or points in the plane."""

from collections.abc import Sequence

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.images import are_images, image_grid
from tf_infomax.models.gan import GAN
from tf_infomax.plots import scatter_panels
from tf_infomax.types import Array

MAX_ROWS = 10
NUM_IMAGES = 64
NUM_POINTS = 2500


def sample_grid(
    gan: GAN,
    *,
    num_images: int | None = None,
    seed: int = 0,
    classes: Sequence[int] | None = None,
    real_points: Array | None = None,
) -> Array:
    """Draws samples as one picture.

    A conditional GAN gets a row for each class, all from the same latents: only the class changes down a column.
    Points are drawn as dots in the plane.

    Args:
        gan: The GAN to sample.
        num_images: Approximate number of samples; with rows of classes, the nearest that fills them. 64 images or 2,500
            points if None.
        seed: Seed of the latents.
        classes: Classes of the rows; if None, all, or ten evenly spaced of more than ten.
        real_points: Points of the data (N, 2), drawn beneath generated ones; they set the axes.

    Returns:
        (height, width, C) uint8.

    Raises:
        InputError: Classes are given that the GAN does not have, or points are not in the plane.
    """
    if gan.num_classes is None and classes is not None:
        raise InputError(f"`classes` need a conditional GAN; this one has none. Received: {list(classes)}")
    if not are_images(gan.image_shape):
        return _point_cloud(gan, NUM_POINTS if num_images is None else num_images, seed, real_points)
    num_images = NUM_IMAGES if num_images is None else num_images
    if gan.num_classes is None:
        return image_grid(gan.generate(num_images, seed))
    if num_images < 1 or (classes is not None and not classes):
        raise InputError(f"`num_images` and `classes` must not be empty. Received: {num_images} and {classes}")
    if classes is None:
        classes = np.unique(np.linspace(0, gan.num_classes - 1, MAX_ROWS).astype(int)).tolist()
    columns = max(1, round(num_images / len(classes)))
    rows = [gan.generate(columns, seed, labels=np.full(columns, label)) for label in classes]
    return image_grid(np.concatenate(rows), columns=columns)


def _point_cloud(gan: GAN, num_points: int, seed: int, real_points: Array | None) -> Array:
    if gan.image_shape != (2,):
        raise InputError(f"Only points in the plane can be drawn. Received: {gan.image_shape[0]} dimensions")
    return scatter_panels({"samples": gan.generate(num_points, seed)}, real_points, dots_per_inch=200)
