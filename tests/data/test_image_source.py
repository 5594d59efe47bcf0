import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.data import image_source_from_arrays
from tf_infomax.errors import InputError

IMAGES = np.arange(12, dtype=np.uint8).repeat(4 * 4 * 3).reshape(12, 4, 4, 3)
LABELS = np.arange(12) % 3


def labelled():
    return image_source_from_arrays(IMAGES, LABELS, name="squares", split="all", num_classes=3)


def test_read_in_a_dataset_has_static_shapes():
    dataset = tf.data.Dataset.range(5).map(lambda k: labelled().read(tf.stack([k, k + 1])))
    assert dataset.element_spec == (tf.TensorSpec((2, 4, 4, 3), tf.uint8), tf.TensorSpec((2,), tf.int64))
    np.testing.assert_array_equal([labels for _, labels in dataset], [[0, 1], [1, 2], [2, 0], [0, 1], [1, 2]])


def test_unlabelled_images_have_label_zero():
    source = image_source_from_arrays(IMAGES, name="squares", split="all")
    assert source.num_classes is None
    np.testing.assert_array_equal(source.read([1, 2])[1], [0, 0])


def test_images_at_keeps_order_and_repeats():
    np.testing.assert_array_equal(labelled().images_at([7, 0, 7]), IMAGES[[7, 0, 7]])


def test_sample_real_is_fixed_by_the_seed_and_repeats_no_image():
    drawn = [labelled().sample_real(8, seed)[:, 0, 0, 0].tolist() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(set(drawn[0])) == 8
    assert sorted(labelled().sample_real(12, 5)[:, 0, 0, 0]) == list(range(12))


def test_refuses_more_real_images_than_there_are():
    with pytest.raises(InputError, match="from 1 to 12, .* 'squares' .* 'all'.*13"):
        labelled().sample_real(13, 0)
    with pytest.raises(InputError, match="Received: 0"):
        labelled().sample_real(0, 0)


@pytest.mark.parametrize("indices", [[12], [-1, 3]])
def test_refuses_indices_out_of_range(indices):
    with pytest.raises(InputError, match="from 0 to 11"):
        labelled().images_at(indices)


@pytest.mark.parametrize(
    "images, labels, num_classes",
    [
        (IMAGES.astype(np.float32), None, None),
        (IMAGES[0], None, None),
        (IMAGES[:0], None, None),
        (IMAGES, LABELS[:5], 3),
        (IMAGES, LABELS, None),
        (IMAGES, None, 3),
        (IMAGES, LABELS.astype(np.float32), 3),
    ],
)
def test_refuses_arrays_that_do_not_fit(images, labels, num_classes):
    with pytest.raises(InputError, match="Received"):
        image_source_from_arrays(images, labels, name="squares", split="all", num_classes=num_classes)


@pytest.mark.parametrize("labels, received", [(LABELS + 1, "1 to 3"), (LABELS - 1, "-1 to 1")])
def test_refuses_labels_that_are_no_classes(labels, received):
    with pytest.raises(InputError, match=f"from 0 to 2.*`num_classes` = 3.*Received: {received}"):
        image_source_from_arrays(IMAGES, labels, name="squares", split="all", num_classes=3)


def test_draws_begin_alike():
    np.testing.assert_array_equal(labelled().draw(12, 3)[:5], labelled().draw(5, 3))


def test_draw_by_class():
    drawn = labelled().draw_by_class(3, seed=1)
    assert len(set(drawn)) == 9
    np.testing.assert_array_equal(np.bincount(LABELS[drawn]), [3, 3, 3])
    np.testing.assert_array_equal(drawn, labelled().draw_by_class(3, seed=1))
    with pytest.raises(InputError, match="must have 5 images. Received: a class of 4"):
        labelled().draw_by_class(5, seed=1)
    with pytest.raises(InputError, match="has none"):
        image_source_from_arrays(IMAGES, name="squares", split="all").draw_by_class(1, seed=1)


@pytest.mark.parametrize("lookup_labels", [True, False])
def test_labels_at(lookup_labels):
    source = labelled() if lookup_labels else dataclasses.replace(labelled(), lookup_labels=None)
    np.testing.assert_array_equal(source.labels_at(np.array([4, 0, 5])), LABELS[[4, 0, 5]])


def test_digest():
    changed = IMAGES.copy()
    changed[7, 1, 2, 0] += 1
    others = [
        image_source_from_arrays(changed, LABELS, name="squares", split="all", num_classes=3),
        image_source_from_arrays(IMAGES, LABELS[::-1], name="squares", split="all", num_classes=3),
        image_source_from_arrays(IMAGES, name="squares", split="all"),
        image_source_from_arrays(IMAGES[:11], LABELS[:11], name="squares", split="all", num_classes=3),
    ]
    assert len({labelled().digest(), *(source.digest() for source in others)}) == 5
    renamed = image_source_from_arrays(IMAGES, LABELS, name="others", split="train", num_classes=3)
    assert renamed.digest() == labelled().digest()


def test_centre_cropped():
    images = np.arange(3 * 6 * 5, dtype=np.uint8).reshape(3, 6, 5, 1)
    source = image_source_from_arrays(images, np.arange(3), name="numbers", split="all", num_classes=3)
    cropped = source.centre_cropped((2, 3))
    assert cropped.image_shape == (2, 3, 1) and source.image_shape == (6, 5, 1)
    np.testing.assert_array_equal(cropped.images_at([2, 0]), images[[2, 0], 2:4, 1:4])
    np.testing.assert_array_equal(cropped.labels_at(np.array([2, 0])), [2, 0])
    np.testing.assert_array_equal(cropped.sample_real(2, 7), source.sample_real(2, 7)[:, 2:4, 1:4])
    assert source.centre_cropped((6, 5)) is source and cropped.digest() != source.digest()
