"""Differentiable augmentation by a fixed policy."""

from collections.abc import Callable, Mapping, Sequence

import keras
import tensorflow as tf

from tf_infomax.errors import InputError, check_choice
from tf_infomax.models.augmentation.base import Augmentation
from tf_infomax.models.augmentation.colour import random_brightness, random_contrast, random_saturation
from tf_infomax.models.augmentation.crops import random_cutout, random_translation
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Tensor

POLICIES: Mapping[str, Sequence[Callable[[Tensor, Tensor], Tensor]]] = {
    "colour": (random_brightness, random_saturation, random_contrast),
    "translation": (lambda images, seed: random_translation(images, 1 / 8, seed),),
    "cutout": (lambda images, seed: random_cutout(images, 1 / 2, seed),),
}
"""Changes of images, each with its seed (2,), by the part of a policy."""


@keras.saving.register_keras_serializable(package="tf_infomax")
class DiffAugment(Augmentation):
    """Changes every image: its colours, its place and what can be seen of it.

    - `colour`: brightness by up to 0.5, saturation by a factor up to 2, contrast by one from 0.5 to 1.5;
    - `translation` by up to an eighth of the size, whole pixels, with zeros beyond the border;
    - `cutout` of a square of half the size, which becomes grey.

    Args:
        policy: Parts in the order in which they take place.

    Raises:
        InputError: There is no part, or one that is unknown or repeated.

    Source: Zhao et al., NeurIPS 2020, and the authors' code.
    """

    def __init__(self, policy: Sequence[str] = ("colour", "translation", "cutout"), **kwargs) -> None:
        super().__init__(**kwargs)
        self.policy = tuple(policy)
        for part in self.policy:
            check_choice("policy", part, POLICIES)
        if not self.policy or len(set(self.policy)) < len(self.policy):
            raise InputError(f"`policy` must have distinct parts, at least one. Received: {list(self.policy)}")

    def call(self, images: Tensor, seed: Tensor) -> Tensor:
        changed = tf.cast(images, tf.float32)
        for number, change in enumerate(change for part in self.policy for change in POLICIES[part]):
            changed = change(changed, tf.random.fold_in(seed, number))
        return tf.cast(changed, images.dtype)

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, DiffAugment)}
