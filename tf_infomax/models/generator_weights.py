"""The choice between a generator's weights and their moving average."""

import keras

from tf_infomax.errors import InputError, check_choice
from tf_infomax.models.gan import GAN
from tf_infomax.models.sampler import Sampler

GENERATOR_WEIGHTS = ("average", "raw")
"""The moving average, and the weights that train."""


def resolve_weights(gan: GAN, weights: str | None = None) -> str:
    """Returns which of its weights a GAN is sampled with: `"average"` or `"raw"`.

    Args:
        gan: The GAN.
        weights: What the caller asks for; the average where there is one, else the raw weights, if None.

    Raises:
        InputError: There are no such weights, or the GAN has no average.
    """
    if weights is None:
        return "raw" if gan.averaged_generator is None else "average"
    check_choice("weights", weights, GENERATOR_WEIGHTS)
    if weights == "average" and gan.averaged_generator is None:
        raise InputError("`weights` must be raw for a GAN without a moving average. Received: average")
    return weights


def generator_of(gan: GAN, weights: str | None = None) -> keras.Model:
    """Returns a GAN's generator or its moving average.

    Args:
        gan: The GAN.
        weights: See `resolve_weights`.

    Raises:
        InputError: There are no such weights, or the GAN has no average.
    """
    return gan.generator if resolve_weights(gan, weights) == "raw" else gan.averaged_generator


def sampler_of(gan: GAN, weights: str | None = None) -> Sampler:
    """Returns the sampler of a GAN's generator or of its moving average.

    Args:
        gan: The GAN.
        weights: See `resolve_weights`.

    Raises:
        InputError: There are no such weights, or the GAN has no average.
    """
    chosen = generator_of(gan, weights)
    return gan.sampler if chosen is gan.sampling_generator else Sampler(chosen)
