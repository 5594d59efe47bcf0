"""Architectures: pairs of networks, and encoders, by their names in tables."""

from collections.abc import Callable, Mapping

import tf_infomax
from tf_infomax.presets.settings import Settings, settings

Networks = Callable[[], Mapping[str, Settings]]
"""Returns the networks of a model by its constructor's arguments. It is called when a preset is looked up, so that
TensorFlow is imported only then."""

ARCHITECTURES: Mapping[str, Networks] = {
    "resnet": lambda: {
        "generator": settings(tf_infomax.ResNetGenerator),
        "discriminator": settings(tf_infomax.ResNetDiscriminator),
    },
    "convolutional": lambda: {
        "generator": settings(tf_infomax.ConvolutionalGenerator),
        "discriminator": settings(tf_infomax.ConvolutionalDiscriminator),
    },
    "dcgan": lambda: {
        "generator": settings(tf_infomax.DCGANGenerator),
        "discriminator": settings(tf_infomax.DCGANDiscriminator),
    },
    "mlp": lambda: {
        "generator": settings(tf_infomax.MLPGenerator),
        "discriminator": settings(tf_infomax.MLPDiscriminator),
    },
    "encoder": lambda: {"encoder": settings(tf_infomax.ConvolutionalEncoder)},
    "alexnet-encoder": lambda: {"encoder": settings(tf_infomax.ConvolutionalEncoder, architecture="alexnet")},
    "strided-crops": lambda: {"encoder": settings(tf_infomax.StridedCropEncoder)},
}
"""Networks by architecture."""
