"""MS-SSIM and decoders, fine-tuning and neighbours."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf_infomax.data import load_source
from tf_infomax.errors import InputError
from tf_infomax.images import to_float
from tf_infomax.metrics.representation import (
    LabelledSplit,
    fine_tuned_accuracy,
    labelled_subset,
    ms_ssim,
    reconstruction_ms_ssim,
)
from tf_infomax.networks import ConvolutionalEncoder


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    images, labels = load_source("digits", split="train", image_size=28).read(tf.range(1200, dtype=tf.int64))
    return to_float(images).numpy(), labels.numpy()


def test_ms_ssim_limits(digits):
    images = digits[0][:20]
    assert ms_ssim(images, images) == pytest.approx(1.0)
    noisy = [images + scale * np.random.default_rng(0).normal(size=images.shape) for scale in (0.05, 0.2, 0.8)]
    values = [ms_ssim(images, other.astype(np.float32)) for other in noisy]
    assert 1.0 > values[0] > values[1] > values[2] > 0.0


def test_ms_ssim_of_large_images_is_tensorflows():
    rng = np.random.default_rng(0)
    images, others = (rng.uniform(-1, 1, (2, 176, 176, 3)).astype(np.float32) for _ in range(2))
    others = 0.5 * images + 0.5 * others
    levels = [(part + 1.0) * 127.5 for part in (images, others)]
    expected = tf.reduce_mean(tf.image.ssim_multiscale(*levels, max_val=255.0))
    assert ms_ssim(images, others) == pytest.approx(float(expected), rel=1e-4)


def test_grey_on_either_side_of_the_middle_is_alike():
    dark, bright = (np.full([1, 32, 32, 1], value, np.float32) for value in (-0.02, 0.02))
    assert ms_ssim(dark, bright) > 0.99


def test_what_cannot_be_decoded_or_compared_is_refused():
    images, codes = np.zeros([8, 8, 8, 1], np.float32), np.zeros([8, 2], np.float32)
    with pytest.raises(InputError, match="at least 11 pixels"):
        reconstruction_ms_ssim((images, codes), (images, codes))
    images = np.zeros([8, 28, 28, 1], np.float32)
    with pytest.raises(InputError, match=r"Features must be \(N, Y\) and \(M, Y\). Received: \(8, 2\) and \(8, 3\)"):
        reconstruction_ms_ssim((images, codes), (images, np.zeros([8, 3], np.float32)))
    with pytest.raises(InputError, match="must have the same length. Received: 8 and 2"):
        reconstruction_ms_ssim((images, codes[:2]), (images, codes))


def test_a_code_that_is_the_image_is_decoded_better_than_noise(digits):
    images = digits[0]
    small = images[:, ::4, ::4].reshape(len(images), -1)  # 49 of the pixels
    noise = np.random.default_rng(0).normal(size=small.shape).astype(np.float32)
    settings = {"base_channels": 16, "steps": 200}
    values = [
        reconstruction_ms_ssim((images[:1000], codes[:1000]), (images[1000:], codes[1000:]), **settings)
        for codes in (small, noise)
    ]
    assert values[0] > values[1] + 0.1


def test_labelled_subset():
    labels = np.repeat(np.arange(5), [100, 50, 10, 3, 1])
    chosen = labelled_subset(labels, 0.1, seed=1)
    assert np.bincount(labels[chosen]).tolist() == [10, 5, 1, 1, 1]
    assert len(set(chosen)) == len(chosen)
    assert labelled_subset(labels, 1.0).tolist() == list(range(len(labels)))
    with pytest.raises(InputError, match="at most 1. Received: 1.5"):
        labelled_subset(labels, 1.5)


def test_fine_tuning_learns_from_a_part_of_the_labels(digits):
    keras.utils.set_random_seed(0)
    images, labels = digits
    encoder = ConvolutionalEncoder(28, base_channels=8, fc_units=8, num_channels=1)
    before = encoder(images[:1])["conv"].numpy()
    split = LabelledSplit(images[:1000], labels[:1000], images[1000:], labels[1000:])
    accuracy = fine_tuned_accuracy(encoder, split, fraction=0.5, epochs=12, learning_rate=1e-3)
    assert accuracy > 0.8
    assert np.abs(encoder(images[:1])["conv"].numpy() - before).max() > 0
