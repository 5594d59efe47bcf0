"""Reconstruction of images, by itself and with a decoder that trains."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.objectives.generative import encoded
from tests.tiny import batches
from tf_infomax.errors import InputError
from tf_infomax.models import DeepInfoMax
from tf_infomax.networks import ConvolutionalEncoder
from tf_infomax.objectives import Reconstruction


def small(**settings) -> Reconstruction:
    return Reconstruction(base_channels=4, fc_units=8, **settings)


def test_loss_is_half_the_squared_distance_of_an_image():
    batch, objective = encoded(small())
    objective.decoder.call = lambda codes, training: batch.images + 0.1
    assert float(objective.loss(batch)[0]) == pytest.approx(0.5 * 28 * 28 * 0.1**2, rel=1e-5)


def test_the_output_is_decoded():
    batch, objective = encoded(small())
    with tf.GradientTape() as tape:
        tape.watch(batch.features)
        loss, _ = objective.loss(batch)
    gradients = tape.gradient(loss, batch.features)
    assert [name for name, gradient in gradients.items() if gradient is not None] == ["output"]
    assert np.abs(gradients["output"]).max() > 0


def test_it_learns_to_reconstruct_two_images():
    images = np.full((8, 28, 28, 1), -1.0, np.float32)
    images[::2, 5:15, 8:20] = images[1::2, 15:25, 3:9] = 1.0
    encoder = ConvolutionalEncoder(28, num_channels=1, base_channels=4, fc_units=8, output_dim=2)
    model = DeepInfoMax(encoder, [small()])
    model.compile(encoder_optimizer=keras.optimizers.Adam(1e-2))
    model.fit(batches(images, 8).repeat(120), verbose=0, shuffle=False)
    decoded = model.objectives[0].decoder(model.encoder(images, training=True)["output"], training=True)
    without_codes = np.mean(np.var(images, axis=0))  # error of the mean image
    assert np.mean(np.square(decoded - images)) < 0.25 * without_codes


@pytest.mark.parametrize("setting", ["base_channels", "fc_units", "weight"])
def test_numbers_that_are_not_positive(setting):
    with pytest.raises(InputError, match=f"`{setting}` must be .*. Received: 0"):
        Reconstruction(**{setting: 0})


def test_an_image_size_without_a_decoder():
    with pytest.raises(InputError, match="must be one of 28, 32, 64. Received: 40"):
        encoded(small(), image_size=40)
