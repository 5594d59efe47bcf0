"""Gradient clipping, to a given norm or (adaptive) to that of the adversarial gradient."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.types import Tensor

ADVERSARIAL = "adversarial"
"""Name of the term that others are clipped to."""

Gradients = list[Tensor | None]


def clipped_gradients(
    tape: tf.GradientTape,
    terms: Mapping[str, Tensor],
    clipped: Collection[str],
    *,
    network: Sequence[keras.Variable],
    heads: Sequence[keras.Variable],
) -> tuple[Gradients, dict[str, Tensor]]:
    """Returns the gradients of a sum of terms, some of them scaled down to the adversarial term's norm.

    `g <- min(||g_adv||, ||g||) / ||g|| * g` for each clipped term, with norms over all variables of the network, and of
    the gradients summed over replicas. Gradients in the heads are not clipped.

    Args:
        tape: Persistent if there are terms to clip.
        terms: Weighted terms by name, scaled by `distribution.scale_loss`; one is `adversarial`.
        clipped: Names of the terms to clip, if any.
        network: Variables whose gradients are clipped: the generator's.
        heads: Variables whose gradients are not.

    Returns:
        The gradients of `[*network, *heads]`, None where nothing depends on a variable, and each clipped term's factor
        by name, float32 in [0, 1].

    Source: Belghazi et al., ICML 2018 (MINE), section 5.1.
    """
    variables, size = [*network, *heads], len(network)
    free = [name for name in terms if name not in clipped]
    total = gradients_of(tape, [terms[name] for name in free], variables)
    if not clipped:
        return total, {}
    alone = total if free == [ADVERSARIAL] else gradients_of(tape, [terms[ADVERSARIAL]], variables)
    limit = distribution.gradient_norm(alone[:size])
    factors = {}
    for name in clipped:
        gradients = gradients_of(tape, [terms[name]], variables)
        norm = distribution.gradient_norm(gradients[:size])
        factors[name] = tf.where(norm > limit, tf.math.divide_no_nan(limit, norm), 1.0)
        scaled = [gradient if gradient is None else gradient * factors[name] for gradient in gradients[:size]]
        total = [_sum(*pair) for pair in zip(total, [*scaled, *gradients[size:]], strict=True)]
    return total, factors


def gradients_of(tape: tf.GradientTape, losses: Iterable[Tensor], variables: Sequence[keras.Variable]) -> Gradients:
    """Returns the gradients of the sum of the losses, None where it does not depend on a variable."""
    return tape.gradient(list(losses), [variable.value for variable in variables])


def clipped_to_norm(gradients: Gradients, limit: float | None) -> Gradients:
    """Scales gradients of scaled losses down to a norm of at most `limit` over all replicas.

    Args:
        gradients: None where nothing depends on a variable.
        limit: Positive; None for no clipping.
    """
    if limit is None:
        return gradients
    factor = limit / tf.maximum(limit, distribution.gradient_norm(gradients))
    return [gradient if gradient is None else gradient * factor for gradient in gradients]


def _sum(first: Tensor | None, second: Tensor | None) -> Tensor | None:
    if first is None or second is None:
        return second if first is None else first
    return first + second
