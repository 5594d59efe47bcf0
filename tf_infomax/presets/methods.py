"""All methods, those of GANs and those of encoders."""

from tf_infomax.presets.encoder_methods import ENCODER_METHODS
from tf_infomax.presets.gan_methods import GAN_METHODS
from tf_infomax.presets.method import Method

METHODS: dict[str, Method] = {**GAN_METHODS, **ENCODER_METHODS}
"""The methods by the names that presets have for them; a row of your own may be added."""
