"""Batches of images with codes for the objectives of generative models."""

from typing import TypeVar

import numpy as np
import tensorflow as tf

from tf_infomax.objectives import EncodedBatch, EncoderObjective

CODES = 4
SEED = tf.constant([3, 4])

Objective = TypeVar("Objective", bound=EncoderObjective)


def encoded(objective: Objective, batch_size: int = 6, image_size: int = 28) -> tuple[EncodedBatch, Objective]:
    """Returns random features and images, and the objective with its heads."""
    rng = np.random.default_rng(0)
    draw = lambda *shape: tf.constant(rng.normal(size=shape).astype(np.float32))  # noqa: E731
    features = {"fc": draw(batch_size, 8), "output": draw(batch_size, CODES)}
    images = tf.tanh(draw(batch_size, image_size, image_size, 1))
    objective.build({name: (None, *value.shape[1:]) for name, value in {**features, "images": images}.items()})
    objective.built = True
    return EncodedBatch(features, features, SEED, images=images), objective
