import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.images import centre_crop, crop_at, encode_png, image_grid, mirror, to_float, to_uint8


def test_every_grey_level_survives_the_round_trip():
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(to_uint8(to_float(levels)), levels)


def test_range():
    floats = to_float(np.uint8([0, 255])).numpy()
    assert floats.dtype == np.float32
    np.testing.assert_array_equal(floats, [-1.0, 1.0])


def test_nearest_level_and_clipping():
    step = 2 / 255
    values = tf.constant([-5.0, -1.0, -1.0 + 0.4 * step, -1.0 + 0.6 * step, 1.0, 5.0])
    np.testing.assert_array_equal(to_uint8(values), [0, 0, 0, 1, 255, 255])
    assert to_uint8(tf.cast(values, tf.bfloat16)).dtype == tf.uint8


def test_grid_places_images_in_rows():
    images = np.stack([np.full((2, 3, 1), value, np.uint8) for value in (10, 20, 30)])
    grid = image_grid(images, columns=2, padding=1, scale=1)
    expected = [
        [255, 255, 255, 255, 255, 255, 255, 255, 255],
        [255, 10, 10, 10, 255, 20, 20, 20, 255],
        [255, 10, 10, 10, 255, 20, 20, 20, 255],
        [255, 255, 255, 255, 255, 255, 255, 255, 255],
        [255, 30, 30, 30, 255, 255, 255, 255, 255],
        [255, 30, 30, 30, 255, 255, 255, 255, 255],
        [255, 255, 255, 255, 255, 255, 255, 255, 255],
    ]
    assert grid.dtype == np.uint8
    np.testing.assert_array_equal(grid[:, :, 0], expected)


@pytest.mark.parametrize("count, columns, rows", [(1, 1, 1), (9, 3, 3), (10, 4, 3), (64, 8, 8)])
def test_grid_is_square_by_default(count, columns, rows):
    grid = image_grid(np.zeros((count, 5, 4, 3), np.uint8), padding=2, scale=1)
    assert grid.shape == (rows * 7 + 2, columns * 6 + 2, 3)


@pytest.mark.parametrize("size, shown", [(28, 84), (32, 64), (64, 64), (128, 128)])
def test_small_images_are_enlarged(size, shown):
    image = np.arange(size, dtype=np.uint8)[None, :, None, None].repeat(size, axis=2)
    grid = image_grid(image, padding=0)
    assert grid.shape == (shown, shown, 1)
    np.testing.assert_array_equal(grid[:: shown // size, 0, 0], image[0, :, 0, 0])


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png_keeps_every_pixel(channels):
    image = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    np.testing.assert_array_equal(tf.io.decode_png(encode_png(image)), image)


def numbered(num_images: int, height: int = 6, width: int = 9) -> np.ndarray:
    return np.arange(num_images * height * width, dtype=np.int32).reshape(num_images, height, width, 1)


@pytest.mark.parametrize(
    "size, window", [(4, np.s_[1:5, 2:6]), ((2, 9), np.s_[2:4, :]), ((6, 1), np.s_[:, 4:5]), ((3, 2), np.s_[2:5, 4:6])]
)
def test_centre_crop(size, window):
    np.testing.assert_array_equal(centre_crop(numbered(2), size), numbered(2)[(slice(None), *window)])


def test_crops_at_places():
    images, corners = numbered(3), ([0, 2, 1], [5, 0, 3])
    crops = crop_at(tf.constant(images), [tf.constant(starts) for starts in corners], (4, 2))
    expected = [image[row : row + 4, column : column + 2] for image, row, column in zip(images, *corners)]
    np.testing.assert_array_equal(crops, expected)


def test_mirrored_twice_is_as_before():
    images, chosen = tf.constant(numbered(3)), tf.constant([True, False, True])
    once = mirror(images, chosen).numpy()
    np.testing.assert_array_equal(once, [images[0, :, ::-1], images[1], images[2, :, ::-1]])
    np.testing.assert_array_equal(mirror(tf.constant(once), chosen), images)


def test_a_grid_of_rectangles():
    grid = image_grid(np.zeros((4, 32, 64, 1), np.uint8), padding=2)
    assert grid.shape == (2 * 66 + 2, 2 * 130 + 2, 1)  # enlarged twice
