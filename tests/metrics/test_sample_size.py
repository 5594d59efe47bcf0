import numpy as np
import pytest

from tf_infomax.metrics import expected_modes
from tf_infomax.metrics.sample_size import mode_notes, rank_notes


def test_enough_images_have_no_note() -> None:
    assert mode_notes(10_000, 1000) == rank_notes(2049, 2049, width=2048) == ()


def test_a_covariance_needs_more_images_than_dimensions() -> None:
    """The rank of N images is N - 1."""
    centred = np.random.default_rng(0).normal(size=(8, 8))
    assert np.linalg.matrix_rank(np.cov(centred, rowvar=False)) == 7
    [note] = rank_notes(9, 8, width=8)
    assert "8 generated images in 8 dimensions" in note
    [note] = rank_notes(500, 4000, width=2048)
    assert "500 real images in 2,048 dimensions" in note


def test_few_images_cannot_show_all_modes() -> None:
    [note] = mode_notes(1000, 1000)
    assert "1,000 modes (expected about 632)" in note


def test_99_percent_of_the_modes_are_enough() -> None:
    """`(1 - 1/1000)^N` is 1% at N = 4,603."""
    assert mode_notes(4602, 1000)
    assert not mode_notes(4603, 1000)


@pytest.mark.parametrize("num_images", [1, 10, 40])
def test_expected_modes_are_the_mean_of_draws(num_images: int) -> None:
    draws = np.random.default_rng(0).integers(12, size=(4000, num_images))
    counts = [len(set(draw)) for draw in draws]
    assert expected_modes(num_images, 12) == pytest.approx(np.mean(counts), abs=0.1)


def test_expected_modes_by_hand() -> None:
    assert expected_modes(1, 10) == pytest.approx(1.0)
    assert expected_modes(2, 2) == pytest.approx(1.5)
    assert expected_modes(7, 1) == 1.0
