"""A part of a dataset, to train on few images."""

import dataclasses

import numpy as np
import tensorflow as tf

from tf_infomax.data.image_source import ImageSource, tensor_in_memory
from tf_infomax.errors import InputError
from tf_infomax.types import Array, Tensor

# Part of the definition of a part: another value is another part.
_SEED = 0


def balanced_part(source: ImageSource, num_images: int) -> ImageSource:
    """Returns some images of a source, always the same ones, equally many of each class to within one.

    A larger part has the images of a smaller one.

    Args:
        source: N images, with or without labels.
        num_images: Images of the part.

    Raises:
        InputError: The source has fewer images.
    """
    if not 1 <= num_images <= source.num_images:
        raise InputError(
            f"A part of {source.name!r}, split {source.split!r}, must have from 1 to {source.num_images} images. "
            f"Received: {num_images}"
        )
    rows, labels_of = tensor_in_memory(_in_turns(source)[:num_images]), source.lookup_labels

    def lookup(indices: Tensor) -> tuple[Tensor, Tensor]:
        return source.lookup(tf.gather(rows, indices))

    return dataclasses.replace(
        source,
        split=f"{num_images} of {source.split}",
        num_images=num_images,
        lookup=lookup,
        lookup_labels=None if labels_of is None else lambda indices: labels_of(tf.gather(rows, indices)),
    )


def _in_turns(source: ImageSource) -> Array:
    """Returns the numbers (N,) of all images in a random order in which the classes take turns."""
    order = source.draw(source.num_images, _SEED)
    if source.num_classes is None:
        return order
    labels = source.labels_at(order)
    by_class = np.argsort(labels, kind="stable")
    ranks = np.empty_like(by_class)  # of an image among those of its class
    ranks[by_class] = np.arange(len(order)) - np.searchsorted(labels[by_class], labels[by_class])
    return order[np.argsort(ranks, kind="stable")]
