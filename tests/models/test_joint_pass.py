"""Real and fake samples in one pass of a discriminator are the same as in two."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.small_presets import narrow
from tests.tiny import random_images, tiny_gan, values
from tf_infomax.models import GAN
from tf_infomax.networks.conditioning import call_discriminator

PRESETS = {"wgan-ring": {}, "wgan-digits": {"image_size": 8}, "vgan-digits": {"image_size": 8}}
"""Those whose discriminators are samplewise, with what makes their images small."""


def small(name: str, *, joint: bool, monkeypatch) -> tuple[GAN, list[int]]:
    """A GAN, and the list in which its discriminator's calls leave their rows."""
    preset, rows = narrow(name, batch_size=4, **PRESETS[name]), []
    gan = preset.build()
    gan.compile(**preset.game.compile_arguments(), discriminator_optimizer=keras.optimizers.SGD(0.1))
    assert gan.discriminator.samplewise
    if not joint:
        monkeypatch.setattr(type(gan.discriminator), "samplewise", False)
    call = gan.discriminator.call
    gan.discriminator.call = lambda samples, training=False: rows.append(len(samples)) or call(samples, training)
    return gan, rows


@pytest.mark.parametrize("name", PRESETS)
def test_losses_and_gradients(name, monkeypatch):
    results = []
    for joint in (True, False):
        gan, rows = small(name, joint=joint, monkeypatch=monkeypatch)
        logs = gan.update_discriminator(tf.constant(random_images(4, shape=gan.image_shape)))
        results.append(({log: float(value) for log, value in logs.items()}, values(gan.discriminator.weights)))
        assert rows[: 2 - joint] == ([8] if joint else [4, 4])
    (logs, weights), (other_logs, other_weights) = results
    assert logs == pytest.approx(other_logs, rel=1e-5, abs=1e-6)
    for weight, other in zip(weights, other_weights, strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", PRESETS)
def test_every_output_is_divided(name, monkeypatch):
    gan, _ = small(name, joint=True, monkeypatch=monkeypatch)
    real, fake = (tf.constant(random_images(4, seed, gan.image_shape)) for seed in (0, 1))
    for samples, features in zip((real, fake), call_discriminator(gan.discriminator, (real, None), (fake, None))):
        expected = gan.discriminator(samples)
        assert set(features) == set(expected)
        for output, value in expected.items():
            np.testing.assert_allclose(features[output], value, rtol=1e-4, atol=1e-5)


def test_batch_and_spectral_normalisation_keep_two_passes():
    spectral, batch = tiny_gan([]), narrow("dcgan-quarter-digits").build()
    assert not getattr(spectral.discriminator, "samplewise", False) and not batch.discriminator.samplewise
