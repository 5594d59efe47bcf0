from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tf_infomax import compat
from tf_infomax.errors import InputError
from tf_infomax.metrics import IMAGE_METRICS, StoredRows, kernel_distance


def split_sizes(count: int, num_blocks: int) -> np.ndarray:
    """TF-GAN's block borders: the larger blocks come last."""
    sizes = np.full(num_blocks, count // num_blocks)
    sizes[num_blocks - count % num_blocks :] += 1
    return np.cumsum(sizes)[:-1]


def block_estimates(real: np.ndarray, fake: np.ndarray, max_block_size: int) -> np.ndarray:
    """The unbiased squared MMD of each pair of blocks, written from Gretton et al. 2012, Eq. 3."""
    num_blocks = int(np.ceil(max(len(real), len(fake)) / max_block_size))
    blocks = zip(
        np.split(real, split_sizes(len(real), num_blocks)),
        np.split(fake, split_sizes(len(fake), num_blocks)),
        strict=True,
    )

    def kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (x @ y.T / x.shape[1] + 1.0) ** 3

    def off_diagonal_mean(matrix: np.ndarray) -> float:
        return matrix[~np.eye(len(matrix), dtype=bool)].mean()

    return np.array(
        [off_diagonal_mean(kernel(r, r)) + off_diagonal_mean(kernel(f, f)) - 2 * kernel(r, f).mean() for r, f in blocks]
    )


@pytest.mark.parametrize(("num_real", "num_fake"), [(100, 100), (103, 61), (20, 101)])
def test_equals_the_block_estimator(num_real: int, num_fake: int) -> None:
    rng = np.random.default_rng(0)
    real = rng.normal(size=(num_real, 12)).astype(np.float32)
    fake = (rng.normal(size=(num_fake, 12)) * 1.5 + 0.2).astype(np.float32)
    estimates = block_estimates(real.astype(np.float64), fake.astype(np.float64), 32)
    distance = kernel_distance(real, fake, max_block_size=32)
    assert len(estimates) > 1
    assert distance.value == pytest.approx(estimates.mean(), rel=1e-9)
    assert distance.standard_error == pytest.approx(estimates.std(ddof=1) / np.sqrt(len(estimates)), rel=1e-9)


def test_one_block_has_no_standard_error() -> None:
    rng = np.random.default_rng(1)
    real, fake = rng.normal(size=(10, 4)), rng.normal(size=(3, 4))
    value, standard_error = kernel_distance(real, fake)
    assert value == pytest.approx(block_estimates(real, fake, 1024)[0])
    assert np.isnan(standard_error)


def test_blocks_hold_at_most_1024_rows_by_default() -> None:
    features = np.random.default_rng(2).normal(size=(1025, 2))
    estimates = block_estimates(features, features + 1.0, 1024)
    assert len(estimates) == 2
    assert kernel_distance(features, features + 1.0).value == pytest.approx(estimates.mean())


def test_too_few_rows_for_the_blocks_are_named() -> None:
    with pytest.raises(InputError, match="each of the 4 blocks .* Received: 7 real and 40 fake"):
        kernel_distance(np.zeros((7, 2)), np.zeros((40, 2)), max_block_size=10)
    assert kernel_distance(np.zeros((8, 2)), np.zeros((40, 2)), max_block_size=10).value == 0.0


def test_a_block_needs_two_rows() -> None:
    with pytest.raises(InputError, match="at least 2. Received: 1"):
        kernel_distance(np.zeros((8, 2)), np.zeros((8, 2)), max_block_size=1)


@pytest.mark.parametrize(("num_real", "num_fake", "width"), [(103, 61, 12), (20, 101, 3), (70, 90, 2048)])
def test_block_by_block_is_tf_gans_function_on_all(num_real: int, num_fake: int, width: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    real, fake = (rng.normal(size=(count, width)).astype(np.float32) for count in (num_real, num_fake))
    expected = compat.tfgan_eval().kernel_classifier_distance_and_std_from_activations(
        tf.constant(real, tf.float64), tf.constant(fake, tf.float64), max_block_size=32, dtype=tf.float64
    )
    np.save(tmp_path / "real.npy", real)
    for rows in (real, tf.constant(real), StoredRows(tmp_path / "real.npy")):
        assert kernel_distance(rows, fake, max_block_size=32) == pytest.approx([float(x) for x in expected], rel=1e-12)


def test_an_evaluation_asks_before_it_draws() -> None:
    with pytest.raises(InputError, match="2 real and 2 fake rows in each of the 59 blocks"):
        IMAGE_METRICS["kid"].check_numbers("kid", num_real=100, num_fake=60_000)
    IMAGE_METRICS["kid"].check_numbers("kid", num_real=118, num_fake=60_000)
