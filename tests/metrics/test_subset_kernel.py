from pathlib import Path

import numpy as np
import pytest

from tests.metrics.test_kernel import block_estimates
from tf_infomax.errors import InputError
from tf_infomax.metrics import StoredRows, kernel_distance, subset_kernel_distances


def sets(num_real: int, num_fake: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    real = np.abs(rng.normal(size=(num_real, width)))
    return real.astype(np.float32), np.abs(1.3 * rng.normal(size=(num_fake, width))).astype(np.float32)


@pytest.mark.parametrize("width", [3, 2048])
def test_a_subset_of_all_images_is_one_block(width: int) -> None:
    real, fake = sets(50, 50, width)
    distances = subset_kernel_distances(real, fake, num_subsets=3, subset_size=50)
    expected = block_estimates(real.astype(np.float64), fake.astype(np.float64), 50)[0]
    np.testing.assert_allclose(distances, np.full(3, expected), rtol=1e-9)
    np.testing.assert_allclose(distances, np.full(3, kernel_distance(real, fake).value), rtol=1e-9)


def test_subsets_have_no_image_twice() -> None:
    """Every subset of two has both of two images."""
    real = np.array([[0.0, 1.0], [2.0, 0.0]])
    distances = subset_kernel_distances(real, real, num_subsets=20, subset_size=2)
    np.testing.assert_allclose(distances, np.full(20, block_estimates(real, real, 2)[0]), rtol=1e-12)


def test_the_mean_of_subsets_is_that_of_all_images() -> None:
    """The estimate is unbiased, so the subsets' mean nears it, within their deviation over the root of their number."""
    real, fake = sets(400, 300, 6)
    all_images = block_estimates(real.astype(np.float64), fake.astype(np.float64), 400)[0]
    distances = subset_kernel_distances(real, fake, num_subsets=400, subset_size=30)
    assert 0 < distances.std() < np.inf
    assert abs(distances.mean() - all_images) < 4 * distances.std() / np.sqrt(400)


def test_seeds_draw_subsets(tmp_path: Path) -> None:
    real, fake = sets(80, 60, 4)
    np.save(tmp_path / "real.npy", real)

    def draw(real, seed):
        return subset_kernel_distances(real, fake, num_subsets=4, subset_size=20, seed=seed)

    np.testing.assert_array_equal(draw(real, 1), draw(StoredRows(tmp_path / "real.npy"), 1))
    assert len({*draw(real, 1), *draw(real, 2)}) == 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_subsets": 0}, "at least 1 subset"),
        ({"subset_size": 1}, "at least 2 rows. Received: 100 of 1"),
        ({"subset_size": 7}, "at most the number of images, 9 real and 6 fake. Received: 7"),
    ],
)
def test_subsets_that_there_are_not(options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        subset_kernel_distances(np.ones((9, 2)), np.ones((6, 2)), **options)


def test_values_that_are_not_finite() -> None:
    with pytest.raises(InputError, match="`fake_features`: expected finite values"):
        subset_kernel_distances(np.ones((9, 2)), np.full((9, 2), np.nan), subset_size=5)
