"""Bounds on mutual information from scores: contrastive losses, Donsker-Varadhan and Jensen-Shannon.

Contrastive losses take scores (I, J, M): I global features against M locations of J images. Row i belongs to image
`own_images[i]` among the J, by default to image i, so that I = J = N. Several rows may belong to one image: local-local
InfoMax has the locations of a second map in place of global features. Nothing larger than the scores is ever built.
"""

from collections.abc import Callable
from typing import Literal

import tensorflow as tf

from tf_infomax.layers.precision import full_precision
from tf_infomax.types import Tensor

OwnLocations = Literal["negatives", "masked", "excluded"]
"""The role of the other locations of a row's own image in its softmax:

- `negatives`: negatives like all others, the N * M way classification of InfoMax-GAN, Eq. 4;
- `masked`: in the softmax with scores set to -10, as in the authors' code;
- `excluded`: left out exactly.
"""

MASKED_SCORE = -10.0

Estimator = Literal["dv", "jsd", "infonce"]
"""Estimators of information in Deep InfoMax: Donsker-Varadhan, Jensen-Shannon and InfoNCE."""


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
    """The contrastive loss; its negative plus the log of the number of candidates is a lower bound of information.

    `mean over i, m of: log(sum over candidates of exp(s)) - s[i, own(i), m]`

    Args:
        scores: (I, J, M) float32.
        own_images: (I,) integers, the image among the J that each row belongs to; the row's number if None.
        own_locations: The role of the own image's other locations.

    Returns:
        Scalar float32, nats; to be minimised. Equal scores give log(J * M) with `negatives`.
        Source: InfoMax-GAN, Eq. 4.
    """
    positives = _positive_scores(scores, own_images)  # (I, M)
    if own_locations == "negatives":
        return tf.reduce_mean(_log_sum_exp(scores)) - tf.reduce_mean(positives)
    fill = tf.constant(MASKED_SCORE if own_locations == "masked" else scores.dtype.min, scores.dtype)
    own = _own_image_mask(scores, own_images)[:, :, None]
    others = _log_sum_exp(tf.where(own, fill, scores))  # (I,)
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
    best = tf.reduce_max(scores, axis=2)  # (I, J)
    hardest = tf.reduce_max(tf.where(own, tf.constant(scores.dtype.min, scores.dtype), best), axis=1)  # (I,)
    return tf.reduce_mean(tf.cast(_positive_scores(scores, own_images) > hardest[:, None], tf.float32))


def donsker_varadhan_lower_bound(
    joint_scores: Tensor, marginal_scores: Tensor, *, where: Tensor | None = None
) -> Tensor:
    """`mean(T(joint)) - log(mean(exp(T(marginal))))`, a lower bound of the mutual information for every function T.

    Estimated from B samples it is not bounded itself, and reliable only up to about log B. Without marginal scores, as
    of the one image of a last batch, their term is 0.

    Args:
        joint_scores: T of pairs that belong together, any number of them, float32.
        marginal_scores: T of pairs that do not, any number of them.
        where: Which of the marginal scores count, boolean and of their shape; all if None.

    Returns:
        Scalar float32, nats; to be maximised. Equal scores give 0.
        Source: Belghazi et al., ICML 2018 (MINE), Eq. 10; GAN + VER, Eq. 5; Deep InfoMax, Eq. 2.
    """
    if where is not None:
        marginal_scores = tf.where(where, marginal_scores, marginal_scores.dtype.min)
    count = _count(marginal_scores, where)
    log_mean = tf.reduce_logsumexp(marginal_scores) - tf.math.log(tf.maximum(count, 1.0))
    return tf.reduce_mean(joint_scores) - tf.where(count > 0, log_mean, tf.zeros_like(log_mean))


def jensen_shannon_lower_bound(joint_scores: Tensor, marginal_scores: Tensor, *, where: Tensor | None = None) -> Tensor:
    """`mean(-softplus(-T(joint))) - mean(softplus(T(marginal)))`: minus the cross-entropy of telling pairs apart.

    The largest value that a function T reaches is 2 (JSD - log 2) of the joint distribution and the product of the
    marginals: it grows with the mutual information and is less sensitive to the number of marginal pairs. Without
    marginal scores their term is 0.

    Args:
        joint_scores: T of pairs that belong together, any number of them, float32.
        marginal_scores: T of pairs that do not, any number of them.
        where: Which of the marginal scores count, boolean and of their shape; all if None.

    Returns:
        Scalar float32, at most 0; to be maximised. Scores of 0 give -2 log 2.
        Source: Deep InfoMax, Eq. 4; Nowozin et al., NIPS 2016.
    """
    negatives = tf.nn.softplus(marginal_scores)
    if where is not None:
        negatives = tf.where(where, negatives, tf.zeros([], negatives.dtype))
    marginal = tf.reduce_sum(negatives) / tf.maximum(_count(marginal_scores, where), 1.0)
    return -tf.reduce_mean(tf.nn.softplus(-joint_scores)) - marginal


def information_loss(scores: Tensor, estimator: Estimator, *, own_images: Tensor | None = None) -> Tensor:
    """Minus an estimate of the information between globals and locations, up to a constant, by one of three bounds.

    A row and its own image belong together, a row and another image do not; the other locations of a row's own image
    are never among its negatives.

    Args:
        scores: (I, J, M) float32.
        estimator: `"dv"`, `"jsd"` or `"infonce"`.
        own_images: As for `infonce_loss`.

    Returns:
        Scalar float32, to be minimised. Scores of 0 give 0, 2 log 2 or log((J - 1) * M + 1).
        Source: Deep InfoMax, Eq. 2, 4, 5 and Appendix A.3.
    """
    if estimator == "infonce":
        return infonce_loss(scores, own_images=own_images, own_locations="excluded")
    bound = donsker_varadhan_lower_bound if estimator == "dv" else jensen_shannon_lower_bound
    others = tf.broadcast_to(~_own_image_mask(scores, own_images)[:, :, None], tf.shape(scores))
    return -bound(_positive_scores(scores, own_images), scores, where=others)


def _count(scores: Tensor, where: Tensor | None) -> Tensor:
    return tf.cast(tf.size(scores) if where is None else tf.math.count_nonzero(where), scores.dtype)


def _own_image_mask(scores: Tensor, own_images: Tensor | None) -> Tensor:
    """Returns where an image is a row's own (I, J)."""
    return tf.equal(_own_images(scores, own_images)[:, None], tf.range(tf.shape(scores)[1])[None, :])


def _positive_scores(scores: Tensor, own_images: Tensor | None) -> Tensor:
    return tf.gather(scores, _own_images(scores, own_images), axis=1, batch_dims=1)


def _own_images(scores: Tensor, own_images: Tensor | None) -> Tensor:
    return tf.range(tf.shape(scores)[0]) if own_images is None else tf.cast(own_images, tf.int32)


@tf.custom_gradient
def _log_sum_exp(scores: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Returns `log(sum over J and M of exp(s))` (I,); its gradient is one product, TensorFlow's three passes more."""
    largest = tf.reduce_max(scores, axis=[1, 2], keepdims=True)
    exponentials = tf.exp(scores - largest)
    sums = tf.reduce_sum(exponentials, axis=[1, 2], keepdims=True)

    def gradient(upstream: Tensor) -> Tensor:
        return exponentials * (upstream[:, None, None] / sums)

    return tf.squeeze(tf.math.log(sums) + largest, [1, 2]), gradient
