"""Classifiers on features whose answer is known."""

import numpy as np
import pytest

from tf_infomax.errors import InputError
from tf_infomax.metrics.representation import LabelledSplit, linear_svm_accuracy, mlp_accuracy

FAST = {"epochs": 30, "averaged_epochs": 5}


def split_of(features: np.ndarray, labels: np.ndarray) -> LabelledSplit:
    half = len(features) // 2
    return LabelledSplit(features[:half], labels[:half], features[half:], labels[half:])


def separable(num_rows: int = 600) -> LabelledSplit:
    """Three classes far apart in a map (2, 2, 3)."""
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=num_rows)
    features = 8.0 * np.eye(3)[labels] + rng.normal(size=(num_rows, 3))
    return split_of(np.tile(features[:, None, None], (1, 2, 2, 1)), labels)


def exclusive_or(num_rows: int = 800) -> LabelledSplit:
    """Two classes that no line tells apart, with one unit of noise-free margin."""
    rng = np.random.default_rng(0)
    signs = rng.choice([-1.0, 1.0], size=(num_rows, 2))
    return split_of(signs + 0.2 * rng.normal(size=signs.shape), (signs.prod(axis=1) > 0).astype(int))


def noise(num_rows: int = 800) -> LabelledSplit:
    rng = np.random.default_rng(0)
    return split_of(rng.normal(size=(num_rows, 5)), rng.integers(4, size=num_rows))


@pytest.mark.parametrize("accuracy", [linear_svm_accuracy, lambda split: mlp_accuracy(split, **FAST)])
def test_separable_features_and_noise(accuracy):
    assert accuracy(separable()) == pytest.approx(1.0, abs=0.01)
    assert accuracy(noise()) == pytest.approx(0.25, abs=0.08)


def test_only_the_network_learns_exclusive_or():
    assert linear_svm_accuracy(exclusive_or()) == pytest.approx(0.5, abs=0.1)
    assert mlp_accuracy(exclusive_or(), **FAST) > 0.98


def test_the_scale_of_features_does_not_matter():
    split = separable()
    scaled = split._replace(train_features=1e4 * split.train_features, test_features=1e4 * split.test_features)
    assert linear_svm_accuracy(scaled) == linear_svm_accuracy(split)


def test_a_seed_repeats_the_network():
    assert mlp_accuracy(noise(), seed=3, **FAST) == mlp_accuracy(noise(), seed=3, **FAST)
    assert mlp_accuracy(noise(), seed=3, **FAST) != mlp_accuracy(noise(), seed=4, **FAST)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda split: split._replace(train_labels=split.train_labels[:5]), "same length.* Received: 300 and 5"),
        (lambda split: split._replace(test_features=np.full_like(split.test_features, np.nan)), "must be finite"),
    ],
)
def test_bad_features(change, message):
    with pytest.raises(InputError, match=message):
        linear_svm_accuracy(change(separable()))


def test_more_epochs_averaged_than_trained():
    with pytest.raises(InputError, match="from 1 to `epochs` = 3. Received: 4"):
        mlp_accuracy(noise(), epochs=3, averaged_epochs=4)
