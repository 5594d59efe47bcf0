"""Random crops and mirror images in the batches of training."""

import numpy as np
import pytest

from tf_infomax.data import image_source_from_arrays, training_dataset
from tf_infomax.data.point_source import source_from_points
from tf_infomax.errors import InputError

HEIGHT, WIDTH, CROP = 6, 9, (4, 5)
CHANGES = {"crop_size": CROP, "mirror": True}


@pytest.fixture(scope="module")
def source():
    """Image k has its number in one channel, and the numbers of its rows and columns in the others."""
    rows, columns = np.meshgrid(np.arange(HEIGHT), np.arange(WIDTH), indexing="ij")
    images = [np.stack([np.full_like(rows, k), rows, columns], axis=-1) for k in range(23)]
    return image_source_from_arrays(np.array(images, np.uint8), name="numbers", split="train")


def batches(source, **options):
    options = {"batch_size": 5, "num_steps": 12, "seed": 0, "to_float": False, "row_numbers": True} | options
    images, rows = zip(*training_dataset(source, **options).as_numpy_iterator())
    return np.array(images), np.array(rows)


def test_each_is_a_window_of_its_image(source):
    images, rows = batches(source, num_steps=60, **CHANGES)
    assert images.shape == (60, 5, *CROP, 3) and (images[..., 0] == rows[..., None, None]).all()
    steps_down, steps_right = (np.diff(images[..., axis].astype(int), axis=axis + 1) for axis in (1, 2))
    assert (steps_down == 1).all() and set(np.unique(steps_right)) == {-1, 1}
    corners = images[..., 1].min(axis=(2, 3)), images[..., 2].min(axis=(2, 3))
    assert {tuple(corner) for corner in np.stack(corners, axis=-1).reshape(-1, 2)} == {
        (row, column) for row in range(HEIGHT - CROP[0] + 1) for column in range(WIDTH - CROP[1] + 1)
    }


def test_the_order_of_images_is_the_same_without_changes(source):
    np.testing.assert_array_equal(batches(source, **CHANGES)[1], batches(source)[1])


def test_about_half_are_mirrored(source):
    plain, mirrored = batches(source, num_steps=200)[0], batches(source, num_steps=200, mirror=True)[0]
    turned = (mirrored != plain).any(axis=(2, 3, 4))
    np.testing.assert_array_equal(mirrored[turned], plain[turned][:, :, ::-1])
    assert abs(turned.mean() - 0.5) < 4 * 0.5 / turned.size**0.5


def test_changes_are_drawn_anew_in_each_epoch(source):
    images, _ = batches(source, batch_size=23, num_steps=2, shuffle=False, **CHANGES)
    assert (images[0] != images[1]).any(axis=(1, 2, 3)).mean() > 0.5


@pytest.mark.parametrize("start_step", [1, 7])
def test_a_resumed_pipeline_equals_an_uninterrupted_one(source, start_step):
    for resumed, whole in zip(batches(source, start_step=start_step, **CHANGES), batches(source, **CHANGES)):
        np.testing.assert_array_equal(resumed, whole[start_step:])


def test_changes_follow_the_seed(source):
    first, again, other = (batches(source, seed=seed, shuffle=False, **CHANGES)[0] for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_two_replicas_share_the_batches_of_one(source, two_replicas):
    options = {"batch_size": 6, "num_steps": 4, "seed": 0, "to_float": False, **CHANGES}
    dataset = training_dataset(source, **options)
    halves = [
        np.concatenate([part.numpy() for part in two_replicas.experimental_local_results(images)])
        for images, _ in two_replicas.experimental_distribute_dataset(dataset)
    ]
    np.testing.assert_array_equal(halves, batches(source, **options)[0])


def test_the_whole_image_is_a_crop(source):
    np.testing.assert_array_equal(batches(source, crop_size=(HEIGHT, WIDTH))[0], batches(source)[0])


@pytest.mark.parametrize("size, received", [(7, "7"), ((4, 10), "4x10"), ((7, 9), "7x9")])
def test_crops_larger_than_the_images(source, size, received):
    with pytest.raises(InputError, match=f"`crop_size` must be at most 6x9, the images' size. Received: {received}$"):
        batches(source, crop_size=size)


@pytest.mark.parametrize("change", [{"mirror": True}, {"crop_size": 2}])
def test_points(change):
    points = source_from_points(np.zeros((9, 2), np.float32), name="points", split="train")
    (name,) = change
    with pytest.raises(InputError, match=f"`{name}` is for images. Received: {change[name]}, for points of 2 dim"):
        batches(points, **change)
