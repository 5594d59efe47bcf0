"""All methods, of GANs and of encoders."""

from tf_infomax.presets.encoder_methods import ENCODER_METHODS
from tf_infomax.presets.gan_methods import GAN_METHODS
from tf_infomax.presets.method import Method

METHODS: dict[str, Method] = {**GAN_METHODS, **ENCODER_METHODS}
"""Methods by their names in presets; you may add rows."""
