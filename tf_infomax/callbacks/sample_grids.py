"""Pictures of samples: a square grid of images, a row for each class, or points in the plane."""

from collections.abc import Sequence

import numpy as np

from tf_infomax.errors import InputError, check_positive
from tf_infomax.images import are_images, image_grid
from tf_infomax.latents import generation_seed
from tf_infomax.models.gan import GAN
from tf_infomax.models.generator_weights import sampler_of
from tf_infomax.models.sampler import Sampler
from tf_infomax.models.validation import check_classes
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
        classes: Classes of the rows; if None, all, or ten evenly spaced of more than ten.
        weights: Weights of the generator, `"average"` or `"raw"`; the moving average if None and there is one.
        real_points: Points of the data (N, 2), drawn beneath generated ones; they set the axes.

    Returns:
        (height, width, C) uint8.

    Raises:
        InputError: Classes or weights are given that the GAN does not have, or points are not in the plane.
    """
    if classes is not None:
        check_classes(classes, gan.num_classes)
    sampler, seed = sampler_of(gan, weights), generation_seed(seed)
    if not are_images(gan.image_shape):
        return _point_cloud(gan, sampler, NUM_POINTS if num_images is None else num_images, seed, real_points)
    num_images = NUM_IMAGES if num_images is None else num_images
    if gan.num_classes is None:
        return image_grid(sampler.generate(num_images, seed))
    check_positive(num_images=num_images)
    if classes is None:
        classes = np.unique(np.linspace(0, gan.num_classes - 1, MAX_ROWS).astype(int)).tolist()
    columns = max(1, round(num_images / len(classes)))
    rows = [sampler.generate(columns, seed, labels=np.full(columns, label)) for label in classes]
    return image_grid(np.concatenate(rows), columns=columns)


def _point_cloud(gan: GAN, sampler: Sampler, num_points: int, seed: int, real_points: Array | None) -> Array:
    if gan.image_shape != (2,):
        raise InputError(f"Only points in the plane can be drawn. Received: {gan.image_shape[0]} dimensions")
    return scatter_panels({"samples": sampler.generate(num_points, seed)}, real_points, dots_per_inch=200)
