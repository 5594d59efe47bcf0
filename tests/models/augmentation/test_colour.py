"""Colours: cases that are known by hand, and the affine map against its factors one by one."""

import colorsys
import math

import numpy as np
import pytest
import tensorflow as tf
from scipy.spatial.transform import Rotation

from tests.tiny import random_images
from tf_infomax.models.augmentation.colour import (
    colour_maps,
    map_colours,
    random_brightness,
    random_contrast,
    random_saturation,
)

SEED = tf.constant([1, 2])
IMAGES = tf.constant(random_images(300, shape=(4, 3, 3)))
NEUTRAL = dict.fromkeys(("brightness", "contrast", "inversion", "hue", "saturation"), 0.0)


def mapped(images, **changes: float) -> np.ndarray:
    parameters = {name: tf.constant([value]) for name, value in {**NEUTRAL, **changes}.items()}
    return map_colours(images, *colour_maps(images.shape[-1], **parameters)).numpy()


def test_brightness_is_a_number_for_each_image():
    added = (random_brightness(IMAGES, SEED) - IMAGES).numpy().reshape(300, -1)
    assert np.ptp(added, axis=1).max() < 1e-6
    assert added.min() == pytest.approx(-0.5, abs=0.02) and added.max() == pytest.approx(0.5, abs=0.02)
    assert added.mean() == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    ("change", "axes", "low", "high"), [(random_saturation, -1, 0.0, 2.0), (random_contrast, (1, 2, 3), 0.5, 1.5)]
)
def test_deviations_from_the_mean_are_scaled(change, axes, low, high):
    mean = IMAGES.numpy().mean(axis=axes, keepdims=True)
    changed = change(IMAGES, SEED).numpy()
    np.testing.assert_allclose(changed.mean(axis=axes, keepdims=True), mean, atol=1e-6)
    factors = (changed - mean)[:, 0, 0, 0] / (IMAGES.numpy() - mean)[:, 0, 0, 0]
    np.testing.assert_allclose(changed, mean + factors[:, None, None, None] * (IMAGES.numpy() - mean), atol=1e-4)
    assert factors.min() == pytest.approx(low, abs=0.02) and factors.max() == pytest.approx(high, abs=0.02)


def test_grey_images_have_no_saturation():
    np.testing.assert_array_equal(random_saturation(IMAGES[..., :1], SEED), IMAGES[..., :1])


def test_brightness_comes_before_contrast():
    np.testing.assert_allclose(mapped(IMAGES, brightness=0.25, contrast=1.0), 2 * (IMAGES + 0.25), atol=1e-6)


def test_inversion_turns_greys_and_keeps_colours():
    greys = tf.repeat(IMAGES[..., :1], 3, axis=-1)
    np.testing.assert_allclose(mapped(greys, inversion=1.0), -greys, atol=1e-6)
    colours = IMAGES - tf.reduce_mean(IMAGES, -1, keepdims=True)
    np.testing.assert_allclose(mapped(colours, inversion=1.0), colours, atol=1e-6)
    np.testing.assert_allclose(mapped(IMAGES[..., :1], inversion=1.0), -IMAGES[..., :1], atol=1e-6)


def test_hue_is_a_rotation_about_grey():
    """A third of a turn makes red green, green blue and blue red, as in the colour circle."""
    np.testing.assert_allclose(mapped(IMAGES, hue=2 * math.pi / 3), np.roll(IMAGES, 1, axis=-1), atol=1e-5)
    rotation = Rotation.from_rotvec(0.7 * np.ones(3) / math.sqrt(3)).as_matrix()
    np.testing.assert_allclose(mapped(IMAGES, hue=0.7), IMAGES.numpy() @ rotation.T, atol=1e-5)
    red, green = (
        colorsys.rgb_to_hsv(1, 0, 0)[0],
        colorsys.rgb_to_hsv(*mapped(tf.eye(3)[None, None, :1], hue=2.0944)[0, 0, 0])[0],
    )
    assert green - red == pytest.approx(1 / 3, abs=1e-4)


def test_saturation_scales_about_the_mean():
    mean = tf.reduce_mean(IMAGES, -1, keepdims=True)
    np.testing.assert_allclose(mapped(IMAGES, saturation=-1.0), (IMAGES - mean) / 2 + mean, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_other_images_than_of_three_colours_have_no_hue(channels):
    images = tf.constant(random_images(2, shape=(3, 3, channels)))
    np.testing.assert_array_equal(mapped(images, hue=1.0, saturation=1.0), images)


@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_is_changed_by_zeros(channels):
    np.testing.assert_array_equal(mapped(IMAGES[..., :channels]), IMAGES[..., :channels])
