"""Models that train with `compile` and `fit`, and what draws their images."""

from tf_infomax.models.gan import GAN
from tf_infomax.models.sampler import Sampler

__all__ = ["GAN", "Sampler"]
