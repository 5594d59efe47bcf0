"""Random changes of images: crops before an encoder, and augmentations of what a GAN's discriminator sees."""

from tf_infomax.models.augmentation.adaptive import AdaptiveAugmentation
from tf_infomax.models.augmentation.base import Augmentation
from tf_infomax.models.augmentation.crops import random_crop, random_flip, random_occlusion
from tf_infomax.models.augmentation.diffaugment import DiffAugment
from tf_infomax.models.augmentation.table import AUGMENTATIONS, as_augmentation

__all__ = [
    "AUGMENTATIONS",
    "AdaptiveAugmentation",
    "Augmentation",
    "DiffAugment",
    "as_augmentation",
    "random_crop",
    "random_flip",
    "random_occlusion",
]
