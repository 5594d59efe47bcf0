"""Parts of datasets: few images, balanced and always the same."""

import numpy as np
import pytest

from tf_infomax.data import balanced_part, image_source_from_arrays, load_source, training_dataset
from tf_infomax.errors import InputError

# Numbered by their pixels; three classes of 12, 6 and 2 images, as a folder sorts them.
IMAGES = np.arange(20, dtype=np.uint8).repeat(4 * 4).reshape(20, 4, 4, 1)
LABELS = np.repeat([0, 1, 2], [12, 6, 2])
LABELLED = image_source_from_arrays(IMAGES, LABELS, name="squares", split="all", num_classes=3)
UNLABELLED = image_source_from_arrays(IMAGES, name="squares", split="all")


def numbers(source) -> list[int]:
    return source.images_at(np.arange(source.num_images))[:, 0, 0, 0].tolist()


def test_classes_take_turns_while_they_last():
    for num_images, counts in ((3, [1, 1, 1]), (6, [2, 2, 2]), (10, [4, 4, 2]), (20, [12, 6, 2])):
        part = balanced_part(LABELLED, num_images)
        labels = part.labels_at(np.arange(num_images))
        assert np.bincount(labels, minlength=3).tolist() == counts
        np.testing.assert_array_equal(labels, LABELS[numbers(part)])


@pytest.mark.parametrize("source", [LABELLED, UNLABELLED])
def test_parts_are_nested_and_always_the_same(source):
    few, again, more = (numbers(balanced_part(source, number)) for number in (7, 7, 15))
    assert few == again == more[:7] and len(set(more)) == 15
    assert few != sorted(few)


def test_training_reads_the_part_alone():
    part = balanced_part(load_source("digits", split="train", image_size=28), 20)
    assert np.bincount(part.labels_at(np.arange(20))).tolist() == [2] * 10
    seen = np.concatenate([images for images, _ in training_dataset(part, batch_size=8, num_steps=5, seed=0)])
    assert len(np.unique(seen.reshape(40, -1), axis=0)) == 20


@pytest.mark.parametrize("num_images", [0, 21])
def test_parts_are_no_larger_than_the_whole(num_images):
    with pytest.raises(InputError, match=f"must have from 1 to 20 images. Received: {num_images}$"):
        balanced_part(LABELLED, num_images)
