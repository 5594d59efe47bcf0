"""The moving average of the generator: formula, samples, and independence of training."""

import contextlib

import keras
import numpy as np
import pytest

from tests.eager import no_graphs  # noqa: F401
from tests.tiny import LATENT_DIM, all_state, assert_equal_states, batches, random_images, tiny_gan, values
from tf_infomax.errors import InputError
from tf_infomax.models import GAN, Sampler
from tf_infomax.networks import MLPDiscriminator

BATCH = 4


def trained(steps: int, *, ema_decay: float = 0.9, scope=contextlib.nullcontext) -> GAN:
    with scope():
        gan = tiny_gan(ema_decay=ema_decay)
        gan.compile(generator_optimizer=keras.optimizers.SGD(0.5), discriminator_optimizer=keras.optimizers.SGD(0.05))
    gan.fit(batches(random_images(BATCH * steps), BATCH), shuffle=False, verbose=0)
    return gan


def test_it_starts_as_the_generator():
    gan = tiny_gan(ema_decay=0.9)
    for average, weight in zip(values(gan.averaged_generator.variables), values(gan.generator.variables), strict=True):
        np.testing.assert_array_equal(average, weight)


def test_formula():
    """d = min(decay, (1 + t) / (10 + t)): 2/11 after the first step, 3/12 after the second, unless that is too much."""
    weights = [values(tiny_gan().generator.variables)] + [values(trained(n).generator.variables) for n in (1, 2)]
    for decay, decays in ((0.9, (2 / 11, 3 / 12)), (0.2, (2 / 11, 0.2))):
        expected = weights[0]
        for d, current in zip(decays, weights[1:]):
            expected = [d * old + (1 - d) * new for old, new in zip(expected, current)]
        averaged = values(trained(2, ema_decay=decay).averaged_generator.variables)
        for value, other in zip(averaged, expected, strict=True):
            np.testing.assert_allclose(value, other, rtol=1e-5, atol=1e-6)


def test_training_does_not_depend_on_it():
    with_average, without = trained(2), trained(2, ema_decay=0.0)
    assert without.averaged_generator is None
    for value, other in zip(values(with_average.generator.variables), values(without.generator.variables), strict=True):
        np.testing.assert_array_equal(value, other)
    assert len(with_average.trainable_variables) == len(without.trainable_variables)


def test_it_draws_the_samples():
    gan = trained(2)
    images = gan.generate(5, seed=3)
    np.testing.assert_array_equal(images, Sampler(gan.averaged_generator).generate(5, seed=3))
    assert np.any(images != Sampler(gan.generator).generate(5, seed=3))


def test_two_replicas_equal_one(two_replicas):
    one, two = trained(2), trained(2, scope=two_replicas.scope)
    pairs = zip(values(one.averaged_generator.variables), values(two.averaged_generator.variables), strict=True)
    for value, other in pairs:
        np.testing.assert_allclose(value, other, rtol=1e-5, atol=1e-6)


def test_a_generator_whose_copies_have_no_latents():
    latents = keras.Input((LATENT_DIM,))
    generator = keras.Model(latents, keras.layers.Dense(2)(latents))
    generator.latent_dim = LATENT_DIM
    with pytest.raises(InputError, match="must be set by the class of the generator.* Received: a Functional"):
        GAN(generator, MLPDiscriminator(2, base_channels=4), ema_decay=0.9)


def test_saving_and_going_on(tmp_path):
    gan = trained(2)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert_equal_states(gan, loaded)
    np.testing.assert_array_equal(loaded.generate(4), gan.generate(4))
    for model in (gan, loaded):
        model.fit(batches(random_images(BATCH, seed=9), BATCH), shuffle=False, verbose=0)
    assert_equal_states(all_state(gan), all_state(loaded))


@pytest.mark.parametrize("decay", [-0.1, 1.0])
def test_decay_out_of_range(decay):
    with pytest.raises(InputError, match=f"`ema_decay` must be at least 0 and below 1. Received: {decay}"):
        tiny_gan(ema_decay=decay)
