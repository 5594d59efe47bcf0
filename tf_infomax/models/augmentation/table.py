"""Augmentations by name."""

from collections.abc import Mapping, Sequence

from tf_infomax.errors import InputError, check_choice
from tf_infomax.images import are_images
from tf_infomax.models.augmentation.adaptive import AdaptiveAugmentation
from tf_infomax.models.augmentation.base import Augmentation
from tf_infomax.models.augmentation.diffaugment import DiffAugment

AUGMENTATIONS: Mapping[str, type[Augmentation]] = {"diffaugment": DiffAugment, "ada": AdaptiveAugmentation}
"""Augmentations by their names as `augmentation`."""


def as_augmentation(augmentation: str | Augmentation | None, sample_shape: Sequence[int]) -> Augmentation | None:
    """Returns an augmentation unchanged, the one of a name with its defaults, or None for none.

    Args:
        augmentation: The augmentation.
        sample_shape: (H, W, C) of images, or (D,) of points.

    Raises:
        InputError: There is none of that name, or samples are points.
    """
    if augmentation is None:
        return None
    named = augmentation if isinstance(augmentation, str) else type(augmentation).__name__
    if not are_images(sample_shape):
        raise InputError(f"`augmentation` must be None for a GAN of points, as it changes images. Received: {named}")
    if isinstance(augmentation, Augmentation):
        return augmentation
    check_choice("augmentation", augmentation, AUGMENTATIONS)
    return AUGMENTATIONS[augmentation]()
