"""Pictures of samples: a square grid, or a row for each class."""

from collections.abc import Sequence

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.images import image_grid
from tf_infomax.models.gan import GAN
from tf_infomax.types import Array

MAX_ROWS = 10


def sample_grid(gan: GAN, *, num_images: int = 64, seed: int = 0, classes: Sequence[int] | None = None) -> Array:
    """Draws samples as one picture.

    A conditional GAN gets a row for each class, all rows from the same latents: down a column only the class changes.

    Args:
        gan: What to sample.
        num_images: Samples, about; with rows of classes the nearest number that fills them, at least one column.
        seed: Seed of the latents.
        classes: Classes of the rows; if None, all of them, or of more than ten classes ten at even distances.

    Returns:
        (height, width, C) uint8.

    Raises:
        InputError: There are classes for a GAN without, or ones that it does not have.
    """
    if gan.num_classes is None:
        if classes is not None:
            raise InputError(f"`classes` need a conditional GAN; this one has none. Received: {list(classes)}")
        return image_grid(gan.generate(num_images, seed))
    if num_images < 1 or (classes is not None and not classes):
        raise InputError(f"`num_images` and `classes` must not be empty. Received: {num_images} and {classes}")
    if classes is None:
        classes = np.unique(np.linspace(0, gan.num_classes - 1, MAX_ROWS).astype(int)).tolist()
    columns = max(1, round(num_images / len(classes)))
    rows = [gan.generate(columns, seed, labels=np.full(columns, label)) for label in classes]
    return image_grid(np.concatenate(rows), columns=columns)
