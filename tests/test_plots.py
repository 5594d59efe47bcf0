"""Figures, looked at pixel by pixel."""

import matplotlib.colors
import numpy as np
import pytest

from tf_infomax.data import MIXTURES
from tf_infomax.plots import COLOURS, REAL_COLOUR, curve_panels, dot_panels, scatter_panels

SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


def pixels_like(picture: np.ndarray, colour: str, tolerance: int = 40) -> np.ndarray:
    """Rows and columns (N, 2) of the pixels near a colour."""
    rgb = np.round(255 * np.array(matplotlib.colors.to_rgb(colour)))
    return np.argwhere(np.abs(picture.astype(int) - rgb).max(axis=2) <= tolerance)


def centre(picture: np.ndarray, colour: str) -> np.ndarray:
    return pixels_like(picture, colour).mean(axis=0)


def dots(point: list[float], count: int = 20) -> np.ndarray:
    """The same point many times, which makes its colour opaque."""
    return np.tile(point, (count, 1))


def dark(picture: np.ndarray) -> int:
    """Pixels of text and frames."""
    return int(np.sum(picture.max(axis=2) < 100))


def test_points_are_drawn_in_their_colours_over_the_real_ones():
    picture = scatter_panels({"a": dots([0.5, 0.5])}, np.tile(SQUARE, (20, 1)))
    assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
    assert len(pixels_like(picture, COLOURS[0])) >= 4 and len(pixels_like(picture, REAL_COLOUR, 15)) >= 16
    corners = pixels_like(picture, REAL_COLOUR, 15)
    corners = corners[corners[:, 0] > 45]  # below the title, whose edges are grey as well
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    np.testing.assert_allclose(centre(picture, COLOURS[0]), middle, atol=2)


def test_up_is_up_and_right_is_right():
    picture = scatter_panels({"a": dots([1.0, 0.0]), "b": dots([0.0, 1.0])}, SQUARE, columns=1)
    height = picture.shape[0] // 2
    (low_row, right_column), (high_row, left_column) = (centre(picture, colour) for colour in COLOURS[:2])
    assert low_row > height / 2 and high_row - height < height / 2
    assert right_column > picture.shape[1] / 2 > left_column


@pytest.mark.parametrize("real", [SQUARE, None], ids=["of_the_real_points", "of_all_sets"])
def test_panels_have_the_same_axes(real):
    picture = scatter_panels({"a": dots([0.2, 0.7]), "b": np.concatenate([dots([0.2, 0.7]), SQUARE])}, real, columns=2)
    width = picture.shape[1] / 2
    first = centre(picture, COLOURS[0])
    second = pixels_like(picture, COLOURS[1])  # of single points only the middle of a dot is near the colour
    nearest = second[np.argmin(np.abs(second - (first + [0, width])).sum(axis=1))]
    np.testing.assert_allclose(nearest, first + [0, width], atol=4)


def test_points_outside_are_not_seen_and_their_share_is_told():
    inside = scatter_panels({"a": dots([0.5, 0.5], 30)}, SQUARE)
    third = scatter_panels({"a": np.concatenate([dots([0.5, 0.5], 20), dots([9.0, 9.0], 10)])}, SQUARE)
    assert third.shape == inside.shape and dark(third) > dark(inside)
    np.testing.assert_allclose(centre(third, COLOURS[0]), centre(inside, COLOURS[0]), atol=1)
    one_in_a_thousand = np.concatenate([dots([0.5, 0.5], 999), dots([9.0, 9.0], 1)])
    assert dark(scatter_panels({"a": one_in_a_thousand}, SQUARE)) == dark(inside)


def test_layout_of_panels():
    points = {name: dots([0.5, 0.5]) for name in "abcde"}
    one, three, five = (scatter_panels({k: points[k] for k in "abcde"[:n]}, SQUARE, columns=3) for n in (1, 3, 5))
    assert three.shape == (one.shape[0], 3 * one.shape[1], 3) and five.shape == (2 * one.shape[0], *three.shape[1:])
    fine = scatter_panels({"a": points["a"]}, SQUARE, dots_per_inch=220)
    assert fine.shape == (2 * one.shape[0], 2 * one.shape[1], 3)
    assert (five[one.shape[0] :, 2 * one.shape[1] :] == 255).all()  # the empty place of the sixth panel


def test_equal_input_gives_equal_pictures():
    real, _ = MIXTURES["grid"].sample(200, seed=0)
    pictures = [scatter_panels({"a": real[:100]}, real) for _ in range(2)]
    np.testing.assert_array_equal(*pictures)


def test_points_that_coincide():
    assert len(pixels_like(scatter_panels({"a": dots([2.0, 2.0])}), COLOURS[0])) >= 4


def test_curves():
    lines = {"falls": ([0, 10], [1.0, 0.0]), "rises": ([0, 10], [0.0, 1.0])}
    picture = curve_panels({"modes": lines, "wd": {"rises": lines["rises"]}}, x_label="steps")
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    half = picture.shape[1] // 2
    falls = pixels_like(picture[:, :half], COLOURS[0])
    falls = falls[falls[:, 1] > 0.3 * half]  # without the legend
    left, right = falls[np.argmin(falls[:, 1])], falls[np.argmax(falls[:, 1])]
    assert left[0] < right[0]
    assert len(pixels_like(picture[:, half:], COLOURS[0])) > 20  # the first line of its panel


def test_every_line_of_many_is_drawn():
    """More lines than colours: no line is left out."""
    names = [f"line {number}" for number in range(len(COLOURS) + 2)]
    lines = {name: ([0, 1], [float(number)] * 2) for number, name in enumerate(names)}
    picture = curve_panels({"a": lines}, x_label="steps")
    spans = []
    for colour in COLOURS[:3]:
        in_rows = np.bincount(pixels_like(picture, colour)[:, 0], minlength=picture.shape[0])
        spans.append(np.ptp(np.flatnonzero(in_rows > 0.3 * picture.shape[1])))  # longer than in the legend
    height = picture.shape[0]
    assert min(spans[:2]) > 0.3 * height > 0.05 * height > spans[2]  # of the first two colours there are two lines


def test_dots_of_rows():
    series = {"first": {"low": [1.0], "high": [9.0, 9.0]}, "second": {"low": [5.0], "high": [5.0]}}
    picture = dot_panels({"a": series, "b": {"first": series["first"]}}, x_label="percent")
    half = picture.shape[1] // 2
    right = picture[:, half:]  # one series, without a legend
    marks = pixels_like(right, COLOURS[0])
    low, high = (marks[side(marks[:, 0], np.median(marks[:, 0]))].mean(axis=0) for side in (np.less, np.greater))
    assert low[0] < high[0] and low[1] < high[1]  # the first row on top, small values left
    assert len(pixels_like(right, COLOURS[1])) == 0 < len(pixels_like(picture[:, :half], COLOURS[1]))
