"""What the contrast does in a trained GAN."""

import math
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from tf_infomax.images import to_float
from tf_infomax.losses.mutual_information import contrastive_accuracy, infonce_loss
from tf_infomax.models import GAN
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives import InfoMax
from tf_infomax.objectives.batches import DiscriminatorBatch
from tf_infomax.types import Array, Tensor

INSIDE = {
    "accuracy": "contrastive accuracy",
    "times_chance": "accuracy / chance",
    "loss": "loss / log(candidates)",
    "margin": "margin of the positives (nats)",
    "spread": "spread of the negatives (nats)",
    "gradient": "gradient of InfoMax / adversarial",
}
"""Columns of `inside`."""
BATCH = 64
_SMALLEST = float(np.finfo(np.float32).tiny)
"""Beyond the margins of a hinge the adversarial gradient is zero."""
_ZERO = tf.UnconnectedGradients.ZERO


def inside(gan: GAN, images: Array) -> dict[str, float]:
    """Measures what the contrast does in a trained GAN, means over batches of 64.

    Args:
        gan: A GAN with InfoMax.
        images: Real images (N, H, W, C) uint8.

    Returns:
        `accuracy` of real images; `times_chance`, as a multiple of one in B * M; `loss` as a part of log(B * M), which
        it has while the scores say nothing; `margin`, by which a positive score exceeds the mean negative one;
        `spread`, the standard deviation of the negative scores; `gradient`, the norm of the weighted term's gradient in
        the discriminator's network as a multiple of the adversarial term's.
    """
    batches = [images[start : start + BATCH] for start in range(0, len(images) - BATCH + 1, BATCH)]
    values = [_inside_batch(gan, to_float(tf.constant(batch)), number) for number, batch in enumerate(batches)]
    return {name: float(np.mean([value[name] for value in values])) for name in INSIDE}


def _inside_batch(gan: GAN, images: Tensor, number: int) -> dict[str, float]:
    (infomax,) = (objective for objective in gan.objectives if isinstance(objective, InfoMax))
    latents = gan.training_latents(len(images), "discriminator", number)
    fake_images = call_network(gan.generator, latents, None, training=True)
    weights = [variable.value for variable in gan.discriminator.trainable_variables]
    with tf.GradientTape(persistent=True) as tape:
        real = call_network(gan.discriminator, images, None, training=False)
        fake = call_network(gan.discriminator, fake_images, None, training=False)
        seed = tf.constant([0, number])
        scores, own_images = infomax.scores(real, seed=seed, training=False)
        contrast = infonce_loss(scores, own_images=own_images, own_locations=infomax.own_locations)
        weighted = infomax.discriminator_weight * contrast
        adversarial = gan.game.term(DiscriminatorBatch(latents, fake_images, fake, images, real, seed)).weighted
    norms = [_norm(tape.gradient(loss, weights, unconnected_gradients=_ZERO)) for loss in (weighted, adversarial)]
    own = tf.one_hot(own_images, tf.shape(scores)[1], on_value=True, off_value=False, dtype=tf.bool)
    positive, negative = tf.boolean_mask(scores, own), tf.boolean_mask(scores, ~own)
    accuracy = float(contrastive_accuracy(scores, own_images=own_images))
    candidates = int(scores.shape[1]) * int(scores.shape[2])
    return {
        "accuracy": accuracy,
        "times_chance": accuracy * candidates,
        "loss": float(contrast) / math.log(candidates),
        "margin": float(tf.reduce_mean(positive) - tf.reduce_mean(negative)),
        "spread": float(tf.math.reduce_std(negative)),
        "gradient": norms[0] / max(norms[1], _SMALLEST),
    }


def _norm(gradients: Sequence[Tensor]) -> float:
    return float(tf.linalg.global_norm(gradients))
