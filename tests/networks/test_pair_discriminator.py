"""The discriminator of images and codes."""

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.layers import SpectralNormalization
from tf_infomax.networks import PairDiscriminator


def built(image_size: int = 28, **settings) -> PairDiscriminator:
    settings = {"base_channels": 4, "fc_units": 8, "num_channels": 2, **settings}
    discriminator = PairDiscriminator(image_size, **settings)
    discriminator.build((None, image_size, image_size, 2), (None, 5))
    return discriminator


def pairs(num_rows: int, image_size: int = 28) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = (num_rows, image_size, image_size, 2), (num_rows, 5)
    images, codes = (rng.normal(size=shape).astype(np.float32) for shape in shapes)
    return images, codes


@pytest.mark.parametrize("image_size", [28, 32, 64])
def test_logits(image_size):
    discriminator = built(image_size, dtype="mixed_bfloat16")
    logits = discriminator(*pairs(3, image_size), training=True)
    assert logits.shape == (3, 1) and logits.dtype == tf.float32
    layers = [*discriminator.convs, discriminator.hidden, discriminator.to_logits]
    assert all(isinstance(layer, SpectralNormalization) for layer in layers)


def test_a_pairs_logit_depends_on_its_image_and_its_code_alone():
    discriminator, (images, codes) = built(), pairs(3)
    logits = discriminator(images, codes).numpy()
    np.testing.assert_allclose(discriminator(images[1:], codes[1:]), logits[1:], rtol=1e-4, atol=1e-6)
    for other in ((images[::-1], codes), (images, codes[::-1])):
        assert np.abs(discriminator(*other).numpy() - logits)[0] > 1e-4


def test_an_image_size_without_a_plan():
    with pytest.raises(InputError, match="must be one of 28, 32, 64. Received: 48"):
        built(48)
