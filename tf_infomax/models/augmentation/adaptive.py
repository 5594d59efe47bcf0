"""Adaptive augmentation: as probable as it must be for the discriminator not to know its images by heart."""

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError, check_positive
from tf_infomax.models.augmentation.base import Augmentation
from tf_infomax.models.augmentation.pipeline import augment
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class AdaptiveAugmentation(Augmentation):
    """Changes images with a probability that follows the overfitting of the discriminator.

    Each change of `pipeline.augment` (mirroring, turns, shifts, scales, brightness, contrast, inversion, hue and
    saturation) takes place with probability p. After every `interval` updates of the discriminator p moves by the
    number of real images since the last time, over `num_images`, up where

        r = E[sign(D(x_r))]

    over them, on all replicas, is above the target, else down.

    Args:
        target: Desired r, in [0, 1]: 1 is a discriminator that knows all real images, 0 one that does not tell them
            from generated ones.
        interval: Updates of the discriminator between two steps of p.
        num_images: Real images in which p may go from 0 to 1.
        probability: First p, in [0, 1].

    Attributes:
        current_probability: p now, a float32 weight.

    Raises:
        InputError: The target or the probability is outside [0, 1], or another number below 1.

    Logs `augmentation/probability`, p, and `augmentation/sign`, r of the last update, in [-1, 1].

    Source: Karras et al., NeurIPS 2020 (StyleGAN2-ADA), section 3, with the pipeline "bgc".
    """

    metric_names = ("probability", "sign")
    metric_descriptions = {
        "probability": "Probability of each change of an image.",
        "sign": "Mean sign of the discriminator's logits of real images: 1 where it knows all of them.",
    }

    def __init__(
        self,
        target: float = 0.6,
        *,
        interval: int = 4,
        num_images: int = 500_000,
        probability: float = 0.0,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        check_positive(interval=interval, num_images=num_images)
        for name, value in (("target", target), ("probability", probability)):
            if not 0 <= value <= 1:
                raise InputError(f"`{name}` must be from 0 to 1. Received: {value}")
        self.target = target
        self.interval = interval
        self.num_images = num_images
        self.probability = probability
        self.current_probability = self._state("current_probability", (), probability)
        self._sums = self._state("sums", (3,), 0.0)

    def _state(self, name: str, shape: tuple[int, ...], value: float) -> keras.Variable:
        return self.add_weight(
            shape=shape,
            initializer=keras.initializers.Constant(value),
            dtype="float32",
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",  # All assign the same.
            name=name,
        )

    def call(self, images: Tensor, seed: Tensor) -> Tensor:
        probability = tf.convert_to_tensor(self.current_probability)
        return tf.cast(augment(tf.cast(images, tf.float32), seed, probability), images.dtype)

    def update(self, real_logits: Tensor) -> Logs:
        signs = tf.reduce_sum(tf.sign(real_logits))
        rows = tf.cast(distribution.num_rows(real_logits), tf.float32)
        signs, rows = distribution.sum_over_replicas([signs, rows])
        sums = tf.convert_to_tensor(self._sums) + tf.stack([signs, rows, 1.0])
        ends = sums[2] >= self.interval
        probability = tf.convert_to_tensor(self.current_probability)
        moved = probability + tf.sign(sums[0] / sums[1] - self.target) * sums[1] / self.num_images
        probability = tf.where(ends, tf.clip_by_value(moved, 0.0, 1.0), probability)
        self.current_probability.assign(probability)
        self._sums.assign(tf.where(ends, 0.0, sums))
        return {"probability": probability, "sign": signs / rows}

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, AdaptiveAugmentation)}
