"""Samples whose batches are normalised as in training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401
from tests.tiny import LATENT_DIM, all_state, assert_equal_states, batches, random_images, tiny_gan
from tf_infomax import callbacks, data
from tf_infomax.errors import InputError
from tf_infomax.images import to_uint8
from tf_infomax.latents import generation_latents, truncated_latents
from tf_infomax.metrics import PointSuite
from tf_infomax.models import GAN, Sampler
from tf_infomax.networks import MLPDiscriminator, MLPGenerator, ResNetDiscriminator, ResNetGenerator


def point_gan(**kwargs) -> GAN:
    return GAN(MLPGenerator(base_channels=8), MLPDiscriminator(base_channels=8), **kwargs)


@pytest.mark.parametrize("ema_decay", [0.0, 0.5])
def test_each_batch_has_its_own_statistics(ema_decay):
    gan = tiny_gan(ema_decay=ema_decay)
    gan.compile()
    gan.train_step(tf.constant(random_images(8)))
    before = all_state(gan)
    images = gan.generate(10, seed=1, batch_statistics=4)
    assert_equal_states(before, gan)
    latents = generation_latents(12, LATENT_DIM, 1)
    gan.sampling_generator.trainable = True  # A frozen network ignores `training`.
    expected = [gan.sampling_generator(latents[i : i + 4], training=True) for i in (0, 4, 8)]
    expected_images = to_uint8(tf.concat(expected, axis=0)).numpy()[:10]
    assert images.shape == expected_images.shape and images.dtype == np.uint8
    np.testing.assert_allclose(images.astype(int), expected_images, atol=1)
    np.testing.assert_array_equal(images, gan.generate(10, seed=1, batch_statistics=4))
    assert np.abs(images.astype(int) - gan.generate(10, seed=1)).max() > 1


def test_what_a_user_has_frozen_stays_frozen():
    gan = tiny_gan(ema_decay=0.5)
    gan.generator.project.trainable = False
    gan.generate(4, batch_statistics=2)
    gan.sampler.generate(4, batch_statistics=2)
    assert not gan.generator.project.trainable and gan.generator.norm.trainable
    assert not gan.averaged_generator.trainable_variables


def test_a_batch_of_none():
    with pytest.raises(InputError, match="`batch_size` must be at least 1. Received: 0"):
        tiny_gan().generate(4, batch_size=0)


def test_running_averages_do_not_matter_then():
    gan = point_gan()
    as_trained, in_inference = gan.generate(256, batch_statistics=64), gan.generate(256)
    for norm in gan.generator.norms:
        norm.moving_mean.assign(np.full(8, 3.0))
    np.testing.assert_array_equal(as_trained, gan.generate(256, batch_statistics=64))
    assert np.abs(in_inference - gan.generate(256)).max() > 0.1


def test_labels_of_a_conditional_gan():
    classes = {"base_channels": 4, "num_classes": 3}
    gan = GAN(ResNetGenerator(32, **classes), ResNetDiscriminator(32, **classes))
    labels = np.array([0, 1, 2, 2, 1])
    images = gan.generate(5, labels=labels, batch_statistics=4)
    latents = generation_latents(8, gan.generator.latent_dim, 0)
    expected = gan.generator(latents[:4], labels=tf.constant(labels[:4]), training=True)
    np.testing.assert_allclose(images[:4].astype(int), to_uint8(expected).numpy(), atol=1)
    for wrong, received in ((3, r"shape \(\)"), ([0, 1], "2"), (labels[:, None], r"shape \(5, 1\)")):
        with pytest.raises(InputError, match=f"`labels` must be 5, one for each image. Received: {received}$"):
            gan.generate(5, labels=wrong)


@pytest.mark.parametrize("value", [1, 0, -3])
def test_a_batch_without_a_variance(value):
    with pytest.raises(InputError, match=f"`batch_statistics` must be at least 2 samples. Received: {value}"):
        point_gan().generate(4, batch_statistics=value)


@keras.saving.register_keras_serializable(package="tests")
class Logarithm(keras.Model):
    """Points (B, 2) that are the logarithms of the latents: NaN where these are negative."""

    latent_dim = 2

    def call(self, latents, training=False):
        return tf.math.log(latents)


def test_points_that_are_not_finite_are_counted():
    count = int(np.sum(np.any(generation_latents(20, 2, 3) < 0, axis=1)))
    assert 0 < count < 20
    with pytest.raises(InputError, match=f"drew {count} of 20 points with values that are not finite"):
        Sampler(Logarithm()).generate(20, seed=3, batch_size=8)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite(value):
    gan = point_gan()
    gan.generator.to_points.bias.assign([0.0, value])
    for options in ({}, {"batch_statistics": 5}):
        with pytest.raises(InputError, match="drew 5 of 5 points"):
            gan.generate(5, **options)


def test_images_that_are_not_finite_are_not_black():
    gan = tiny_gan()
    gan.generator.to_image.bias.assign([np.nan])
    with pytest.raises(InputError, match="drew 3 of 3 images with values that are not finite"):
        gan.generate(3)


@pytest.mark.parametrize("seed", [2**31, 2**32 + 5, -(2**31) - 1])
def test_seeds_that_would_become_others(seed):
    with pytest.raises(InputError, match=f"`seed` must be from .* Received: {seed}"):
        point_gan().generate(4, seed=seed)


def test_negative_seeds_are_seeds_of_their_own():
    gan = point_gan()
    drawn = [gan.generate(4, seed=seed) for seed in (-(2**31), -5, 5, 2**31 - 1)]
    assert len(np.unique(np.concatenate(drawn), axis=0)) == 16


def test_watching_two_replicas(two_replicas, tmp_path):
    mixture = data.MIXTURES["ring"]
    real, _ = mixture.sample(20, seed=0)

    def trained(*watchers) -> GAN:
        with two_replicas.scope():
            tf.keras.utils.set_random_seed(0)
            gan = point_gan()
            gan.compile("minimax")
        points, _ = mixture.sample(32, seed=1)
        gan.fit(batches(points, 8), verbose=0, shuffle=False, callbacks=list(watchers))
        return gan

    watcher = callbacks.SampleMetrics(
        tmp_path, suite=PointSuite(mixture=mixture), real=real, every=1, batch_statistics=8
    )
    assert_equal_states(trained(), trained(watcher))


def test_truncated_images_are_those_of_truncated_latents():
    gan = tiny_gan()
    latents = truncated_latents(generation_latents(5, gan.sampler.latent_dim, 3), tf.fill([5], 0.5))
    np.testing.assert_array_equal(gan.generate(5, 3, truncation=0.5), gan.sampler.render(latents))
    with pytest.raises(InputError, match="`truncation` must be positive. Received: 0.0"):
        gan.generate(5, truncation=0)
