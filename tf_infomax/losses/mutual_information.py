"""Bounds of mutual information on scores: contrastive losses, and the Donsker-Varadhan bound.

Contrastive losses take scores (I, J, M): I global features against M locations of J images. Row i belongs to image
`own_images[i]` among the J; without it rows and images are the same, I = J = N. Several rows may belong to one image:
local-local InfoMax has the locations of a second map in place of global features. Nothing larger than the scores is
ever built.
"""

from typing import Literal

import tensorflow as tf

from tf_infomax.precision import full_precision
from tf_infomax.types import Tensor

OwnLocations = Literal["negatives", "masked", "excluded"]
"""What the other locations of a row's own image are in its softmax:

- `negatives`: negatives like all others, the N * M way classification of InfoMax-GAN, Eq. 4;
- `masked`: what the authors' code does: their scores are set to -10 and stay in the softmax;
- `excluded`: left out exactly.
"""

MASKED_SCORE = -10.0


def local_global_scores(local_features: Tensor, global_features: Tensor) -> Tensor:
    """Dot products of every global with every local feature.

    Args:
        local_features: Projected local features (J, M, R).
        global_features: Projected global features (I, R).

    Returns:
        (I, J, M) float32. Source: InfoMax-GAN, Eq. 5.
    """
    return tf.einsum("ir,jmr->ijm", full_precision(global_features), full_precision(local_features))


def infonce_loss(
    scores: Tensor, *, own_images: Tensor | None = None, own_locations: OwnLocations = "negatives"
) -> Tensor:
    """The contrastive loss whose negative, plus log of the number of candidates, bounds mutual information from below.

    `mean over i, m of: log(sum over candidates of exp(s)) - s[i, own(i), m]`

    Args:
        scores: (I, J, M) float32.
        own_images: (I,) integers, the image among the J that row i belongs to; the row's number if None.
        own_locations: The role of the own image's other locations.

    Returns:
        Scalar float32, nats; to be minimised. Equal scores give log(J * M) with `negatives`.
        Source: InfoMax-GAN, Eq. 4.
    """
    own = _own_image_mask(scores, own_images)  # (I, J, 1)
    positives = _positive_scores(scores, own)  # (I, M)
    if own_locations == "negatives":
        return tf.reduce_mean(tf.reduce_logsumexp(scores, axis=[1, 2])) - tf.reduce_mean(positives)
    fill = tf.constant(MASKED_SCORE if own_locations == "masked" else scores.dtype.min, scores.dtype)
    others = tf.reduce_logsumexp(tf.where(own, fill, scores), axis=[1, 2])  # (I,)
    return tf.reduce_mean(tf.nn.softplus(others[:, None] - positives))


def contrastive_accuracy(scores: Tensor, *, own_images: Tensor | None = None) -> Tensor:
    """The fraction of positive pairs that score above every location of every other image.

    Args:
        scores: (I, J, M) float32.
        own_images: As for `infonce_loss`.

    Returns:
        Scalar in [0, 1]; 0 when all images are the same, because a tie is a miss.
    """
    own = _own_image_mask(scores, own_images)
    hardest = tf.reduce_max(tf.where(own, tf.constant(scores.dtype.min, scores.dtype), scores), axis=[1, 2])  # (I,)
    return tf.reduce_mean(tf.cast(_positive_scores(scores, own) > hardest[:, None], tf.float32))


def donsker_varadhan_lower_bound(joint_scores: Tensor, marginal_scores: Tensor) -> Tensor:
    """`mean(T(joint)) - log(mean(exp(T(marginal))))`, which no function T makes larger than the mutual information.

    Of B samples the estimate itself has no bound: log B is what a T that tells all pairs apart can show reliably.

    Args:
        joint_scores: T of pairs that belong together, (B, 1) or (B,) float32.
        marginal_scores: T of pairs that do not, any number of them.

    Returns:
        Scalar float32, nats; to be maximised. Equal scores give 0.
        Source: Belghazi et al., ICML 2018 (MINE), Eq. 10; GAN + VER, Eq. 5.
    """
    count = tf.cast(tf.size(marginal_scores), marginal_scores.dtype)
    return tf.reduce_mean(joint_scores) - (tf.reduce_logsumexp(marginal_scores) - tf.math.log(count))


def _own_image_mask(scores: Tensor, own_images: Tensor | None) -> Tensor:
    num_rows, num_images = tf.shape(scores)[0], tf.shape(scores)[1]
    own_images = tf.range(num_rows) if own_images is None else own_images
    return tf.equal(own_images[:, None], tf.range(num_images)[None, :])[:, :, None]


def _positive_scores(scores: Tensor, own: Tensor) -> Tensor:
    return tf.reduce_sum(tf.where(own, scores, tf.zeros([], scores.dtype)), axis=1)
