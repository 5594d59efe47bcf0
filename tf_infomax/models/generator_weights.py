"""The choice between a generator's weights and their moving average."""

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


def sampler_of(gan: GAN, weights: str | None = None) -> Sampler:
    """Returns the sampler of a GAN's generator or of its moving average.

    Args:
        gan: The GAN.
        weights: See `resolve_weights`.

    Raises:
        InputError: There are no such weights, or the GAN has no average.
    """
    chosen = resolve_weights(gan, weights)
    return gan.sampler if chosen == resolve_weights(gan) else Sampler(gan.generator)
