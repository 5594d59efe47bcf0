"""Models that train with `compile` and `fit`."""

from tf_infomax.models.gan import GAN

__all__ = ["GAN"]
