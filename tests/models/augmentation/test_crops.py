"""Crops, flips, occlusions, translations and cut-outs: invariants and distributions."""

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.models.augmentation.crops import (
    random_crop,
    random_cutout,
    random_flip,
    random_occlusion,
    random_translation,
)

SEED = tf.constant([1, 2])


def numbered(num_images: int, height: int = 12, width: int = 10) -> np.ndarray:
    """Each pixel of an image has a number of its own, above 0."""
    numbers = 1 + np.arange(height * width, dtype=np.float32).reshape(1, height, width, 1)
    return np.tile(numbers, (num_images, 1, 1, 2))


def test_random_crops_are_windows_at_all_places():
    crops = random_crop(tf.constant(numbered(400)), 8, SEED).numpy()
    assert crops.shape == (400, 8, 8, 2)
    corners = (crops[:, 0, 0, 0] - 1).astype(int)
    rows, columns = corners // 10, corners % 10
    assert set(rows) == set(range(5)) and set(columns) == set(range(3))
    for crop, row, column in zip(crops[:20], rows, columns):
        np.testing.assert_array_equal(crop, numbered(1)[0, row : row + 8, column : column + 8])
    assert abs(np.corrcoef(rows, columns)[0, 1]) < 0.15


def test_half_of_the_images_are_mirrored():
    images = numbered(400)
    flipped = random_flip(tf.constant(images), SEED).numpy()
    mirrored = (flipped == images[:, :, ::-1]).all(axis=(1, 2, 3))
    kept = (flipped == images).all(axis=(1, 2, 3))
    assert (mirrored ^ kept).all()
    assert mirrored.mean() == pytest.approx(0.5, abs=0.1)


def test_occlusion_hides_a_block_and_leaves_one():
    hidden = random_occlusion(tf.constant(numbered(300)), 4, SEED).numpy()[..., 0] == 0
    fractions = hidden.mean(axis=(1, 2))
    assert len(np.unique(fractions)) > 5
    sides = set()
    for image in hidden:
        rows, columns = image.any(axis=1), image.any(axis=0)
        assert image.sum() == rows.sum() * columns.sum()  # a rectangle
        height, width = rows.sum(), columns.sum()
        assert min(height, width) >= 4 and max(12 - height, 10 - width) >= 4
        sides.add((height == 12, bool(rows[0]), bool(columns[0])))
    assert len(sides) == 4  # above, below, left and right


def test_draws_follow_the_seed():
    images = tf.constant(numbered(50))
    for draw in (lambda seed: random_crop(images, 8, seed), lambda seed: random_occlusion(images, 4, seed)):
        np.testing.assert_array_equal(draw(SEED), draw(SEED))
        assert (draw(SEED).numpy() != draw(tf.constant([1, 3])).numpy()).any()


def test_crops_of_two_sizes():
    crops = random_crop(tf.constant(numbered(50)), (12, 4), SEED).numpy()
    assert crops.shape == (50, 12, 4, 2)
    for crop, column in zip(crops, (crops[:, 0, 0, 0] - 1).astype(int)):
        np.testing.assert_array_equal(crop, numbered(1)[0, :, column : column + 4])


def test_translations_bring_zeros_in():
    moved = random_translation(tf.constant(numbered(400, 16, 8)), 1 / 8, SEED).numpy()
    shifts = set()
    for image in moved:
        (row, *_), (column, *_) = np.nonzero(image[..., 0])
        number = int(image[row, column, 0]) - 1
        down, right = row - number // 8, column - number % 8
        expected = np.zeros((16, 8))
        whole = numbered(1, 16, 8)[0, ..., 0]
        height, width = 16 - abs(down), 8 - abs(right)
        expected[max(down, 0) :][:height, max(right, 0) :][:, :width] = whole[max(-down, 0) :][:height][
            :, max(-right, 0) :
        ][:, :width]
        np.testing.assert_array_equal(image[..., 0], expected)
        shifts.add((down, right))
    assert shifts == {(down, right) for down in range(-2, 3) for right in range(-1, 2)}


def test_no_translation_by_less_than_half_a_pixel():
    np.testing.assert_array_equal(random_translation(numbered(4, 3, 3), 1 / 8, SEED), numbered(4, 3, 3))


def test_cutouts_are_rectangles_of_half_the_size_that_end_at_the_border():
    hidden = random_cutout(tf.constant(numbered(600, 8, 6)), 1 / 2, SEED).numpy()[..., 0] == 0
    heights, widths = hidden.any(axis=2).sum(axis=1), hidden.any(axis=1).sum(axis=1)
    np.testing.assert_array_equal(hidden.sum(axis=(1, 2)), heights * widths)
    assert set(heights) == {2, 3, 4} and set(widths) == {2, 3}
    # The centre is uniform: 9 places of an even length, 5 of which hide all four rows.
    assert np.mean(heights == 4) == pytest.approx(5 / 9, abs=0.07)
    assert np.mean(widths == 3) == pytest.approx(4 / 6, abs=0.07)
