"""Affine maps: cases that are known exactly, scipy's interpolation, and the gradient."""

import math

import numpy as np
import pytest
import tensorflow as tf
from scipy import ndimage

from tests.tiny import random_images
from tf_infomax.models.augmentation.geometry import in_turn, mirrored, quarter_turns, resample, shifted, turned, zoomed

SHAPES = [(6, 6, 2), (5, 8, 3), (7, 4, 1)]
ZERO = tf.zeros([1])


def images_of(shape) -> np.ndarray:
    return random_images(1, shape=shape)


def number(value: float) -> tf.Tensor:
    return tf.constant([value], tf.float32)


@pytest.mark.parametrize("shape", SHAPES)
def test_identity_and_mirror_are_exact(shape):
    images = images_of(shape)
    np.testing.assert_array_equal(resample(images, tf.eye(3)[None]), images)
    np.testing.assert_array_equal(resample(images, mirrored(ZERO)), images)
    np.testing.assert_array_equal(resample(images, mirrored(number(1))), images[:, :, ::-1])


@pytest.mark.parametrize("turns", range(4))
def test_quarter_turns_are_exact(turns):
    images = images_of((6, 6, 2))
    np.testing.assert_array_equal(resample(images, quarter_turns(number(turns))), np.rot90(images, turns, axes=(1, 2)))
    by_angle = resample(images, turned(number(turns * math.pi / 2)))
    np.testing.assert_allclose(by_angle, np.rot90(images, turns, axes=(1, 2)), atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_half_a_turn_is_for_all_shapes(shape):
    images = images_of(shape)
    np.testing.assert_array_equal(resample(images, quarter_turns(number(2))), images[:, ::-1, ::-1])


@pytest.mark.parametrize(("right", "down"), [(1, 0), (0, -2), (2, 1), (-3, 3)])
@pytest.mark.parametrize("shape", SHAPES)
def test_shifts_reflect_at_the_border(shape, right, down):
    images = images_of(shape)
    padded = np.pad(images, ((0, 0), (3, 3), (3, 3), (0, 0)), mode="reflect")
    expected = padded[:, 3 - down :, 3 - right :][:, : shape[0], : shape[1]]
    np.testing.assert_array_equal(resample(images, shifted(number(right), number(down))), expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_bilinear_interpolation_is_that_of_scipy(shape):
    images = images_of(shape)
    matrix = in_turn(turned(number(0.4)), zoomed(number(-0.5), number(0.3)), shifted(number(1.3), number(-9.7)))
    middle = [(side - 1) / 2 for side in shape[1::-1]]
    y, x = np.mgrid[: shape[0], : shape[1]]
    places = matrix[0].numpy() @ np.stack([x.ravel() - middle[0], y.ravel() - middle[1], np.ones(x.size)])
    rows, columns = places[1] + middle[1], places[0] + middle[0]
    for channel in range(shape[-1]):
        expected = ndimage.map_coordinates(images[0, ..., channel], [rows, columns], order=1, mode="mirror")
        found = resample(images, matrix)[0, ..., channel]
        np.testing.assert_allclose(found, expected.reshape(shape[:2]), atol=1e-4)


def test_a_zoom_of_one_doubles_what_is_in_the_middle():
    ramp = np.arange(9, dtype=np.float32).reshape(1, 1, 9, 1) + np.zeros((1, 3, 1, 1), np.float32)
    zoomed_in = resample(ramp, zoomed(number(1), ZERO))[0, :, :, 0]
    np.testing.assert_allclose(zoomed_in, np.broadcast_to(np.arange(2, 6.5, 0.5), (3, 9)), atol=1e-5)


def test_changes_take_place_in_turn():
    images = images_of((6, 6, 1))
    turn, shift = quarter_turns(number(1)), shifted(number(2), ZERO)
    np.testing.assert_array_equal(resample(images, in_turn(turn, shift)), resample(resample(images, turn), shift))


def test_each_image_has_its_own_map():
    images = np.tile(images_of((6, 6, 1)), (2, 1, 1, 1))
    both = resample(images, mirrored(tf.constant([0.0, 1.0])))
    np.testing.assert_array_equal(both, [images[0], images[1][:, ::-1]])


def test_the_gradient_is_exact():
    """The map is linear in the images: it and its gradient are one matrix and its transpose."""
    images, weights = tf.constant(images_of((4, 5, 1))), tf.constant(random_images(1, 1, (4, 5, 1)))
    matrix = in_turn(turned(number(0.4)), shifted(number(1.3), number(-2.7)))
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(weights * resample(images, matrix))
    basis = np.eye(20, dtype=np.float32).reshape(20, 4, 5, 1)
    columns = resample(basis, tf.repeat(matrix, 20, axis=0)).numpy().reshape(20, 20)
    np.testing.assert_allclose(tf.reshape(tape.gradient(total, images), [-1]), columns @ np.ravel(weights), atol=1e-5)
