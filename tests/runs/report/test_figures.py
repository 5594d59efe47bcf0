"""Pictures of a report, pixel by pixel, and what is said of them."""

import numpy as np
import pytest

from tests.runs.report.pages import full_report, images, pixels, read, section, words
from tf_infomax.plots import Curve
from tf_infomax.runs.report import report_page


def part(name: str, **changes):
    return section(read(report_page(full_report(**changes))), name)


@pytest.mark.parametrize("channels", [1, 3])
def test_grids_show_every_pixel_and_are_clear_between_images(channels):
    samples, real = images(4, channels=channels), images(4, channels=channels, seed=1)
    shown = [pixels(image) for image in part("samples", samples=samples, real=real).iter("img")]
    for grid, expected in zip(shown, (samples, real), strict=True):
        opaque = grid[..., -1] == 255
        assert set(np.unique(grid[..., -1])) == {0, 255}
        assert opaque[0, 0] and opaque[-1, -1] and not opaque[len(opaque) // 2].any()
        tiles = grid[opaque.any(axis=1)][:, opaque.any(axis=0), :channels]
        scale = len(tiles) // 16  # two rows of eight pixels
        rows = tiles[::scale, ::scale].reshape(2, 8, 2, 8, channels).transpose(0, 2, 1, 3, 4)
        np.testing.assert_array_equal(rows.reshape(4, 8, 8, channels), expected)


def test_points_are_drawn_over_real_ones():
    rng = np.random.default_rng(0)
    samples, real = (rng.normal(size=(count, 2)).astype(np.float32) for count in (30, 40))
    first, second = part("samples", samples=samples, real=real).iter("figure")
    assert "30 generated points" in words(first) and "40 real points" in words(second)
    assert first.find("img").get("alt") != second.find("img").get("alt")
    assert not np.array_equal(pixels(first.find("img")), pixels(second.find("img")))


def test_a_curve_is_told_in_words_too():
    known, unknown = part("training").iter("figure")
    description = known.find("img").get("alt")
    for told in ("FID", "from 50 at step 1,000 to 12.50 at step 2,000", "floor 0.7500"):
        assert told in description
    assert "lower is better" in words(known)
    assert "mine" in words(unknown) and "better" not in words(unknown)
    assert "floor" not in unknown.find("img").get("alt")


def test_floors_of_other_metrics_are_not_explained():
    with_floor, without = (words(part("training", floors=floors)) for floors in ({"fid": 1.0}, {"kid": 1.0}))
    assert "dashed line" in with_floor and "dashed line" not in without


def test_metrics_of_points_have_their_own_names():
    points = np.random.default_rng(0).normal(size=(9, 2))
    curves = {"hq": Curve([1, 2], [10.0, 20.0])}
    assert "high-quality samples (%)" in words(part("training", samples=points, real=points, curves=curves))


def test_neighbours_stand_in_rows_with_their_distances():
    rows = list(part("nearest-real-images").iter("tr"))
    assert len(rows) == 4 and [words(cell) for cell in rows[0]] == ["Sample", "1st", "2nd"]
    samples, nearest = images(3), images(2, seed=2)
    for row, sample in zip(rows[1:], samples):
        shown = [pixels(image) for image in row.iter("img")]
        np.testing.assert_array_equal(shown, [sample, *nearest])
        assert [words(cell) for cell in row] == ["", "0.500", "2.25"]


def test_the_distance_is_compared_with_the_typical_one_where_that_is_known():
    assert "3.12" in words(part("nearest-real-images"))
    assert "median" not in words(part("nearest-real-images", typical=None))
