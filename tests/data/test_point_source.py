import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.data import training_dataset
from tf_infomax.data.point_source import source_from_points
from tf_infomax.errors import InputError

POINTS = np.random.default_rng(0).normal(scale=10.0, size=(5000, 3)).astype(np.float32)
LABELS = np.arange(5000) % 4


def labelled():
    return source_from_points(POINTS, LABELS, name="cloud", split="all", num_classes=4)


def test_read_in_a_dataset_has_static_shapes():
    dataset = tf.data.Dataset.range(3).map(lambda k: labelled().read(tf.stack([k, k + 1])))
    assert dataset.element_spec == (tf.TensorSpec((2, 3), tf.float32), tf.TensorSpec((2,), tf.int64))
    np.testing.assert_array_equal([labels for _, labels in dataset], [[0, 1], [1, 2], [2, 3]])


def test_points_come_back_as_they_are_also_over_several_reads():
    points = labelled().images_at(np.arange(5000)[::-1])
    assert points.dtype == np.float32
    np.testing.assert_array_equal(points, POINTS[::-1])


def test_no_point_is_an_empty_array():
    points = labelled().images_at([])
    assert (points.shape, points.dtype) == ((0, 3), np.float32)


def test_sample_real_repeats_no_point():
    drawn = labelled().sample_real(5000, seed=1)
    assert (drawn != POINTS).any()
    np.testing.assert_array_equal(np.sort(drawn, axis=0), np.sort(POINTS, axis=0))


def test_training_sees_points_as_they_are():
    dataset = training_dataset(labelled(), batch_size=2500, num_steps=2, seed=0)
    assert dataset.element_spec == (tf.TensorSpec((2500, 3), tf.float32), tf.TensorSpec((2500,), tf.int64))
    points, labels = (np.concatenate(parts) for parts in zip(*dataset.as_numpy_iterator()))
    rows = {point.tobytes(): label for point, label in zip(POINTS, LABELS)}
    assert len({point.tobytes() for point in points}) == 5000
    assert [rows[point.tobytes()] for point in points] == labels.tolist()


def test_unlabelled_points_have_label_zero():
    source = source_from_points(POINTS, name="cloud", split="all")
    assert source.num_classes is None
    np.testing.assert_array_equal(source.read([1, 2])[1], [0, 0])


@pytest.mark.parametrize(
    "points, labels, num_classes, message",
    [
        (POINTS.astype(np.float64), None, None, r"Points must be float32.* Received: float64 \(5000, 3\)"),
        (POINTS[0], None, None, r"\(N, D\), at least one. Received: float32 \(3,\)"),
        (POINTS[:0], None, None, r"Received: float32 \(0, 3\)"),
        (np.where(POINTS == POINTS[1, 1], np.nan, POINTS), None, None, "finite. Received: 1 numbers"),
        (POINTS, LABELS[:5], 4, r"`labels` of shape \(5000,\)"),
        (POINTS, LABELS, 3, "from 0 to 2.* Received: 0 to 3"),
        (POINTS, LABELS, None, "must come with `num_classes`"),
    ],
)
def test_refuses_arrays_that_do_not_fit(points, labels, num_classes, message):
    with pytest.raises(InputError, match=message):
        source_from_points(points, labels, name="cloud", split="all", num_classes=num_classes)
