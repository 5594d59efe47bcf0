"""Figures, pixel by pixel."""

import matplotlib.colors
import numpy as np
import pytest

from tf_infomax.data import MIXTURES
from tf_infomax.plots import (
    COLOURS,
    FLOOR_COLOUR,
    REAL_COLOUR,
    Curve,
    curve_panels,
    dot_panels,
    scatter_panels,
    with_row_names,
)

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


def panels_of(picture: np.ndarray) -> list[np.ndarray]:
    """What is within the frame of each panel, row by row, without titles and ticks."""
    black = picture.max(axis=2) < 100
    rows, columns = (edges(np.flatnonzero(black.mean(axis=axis) > 0.35)) for axis in (1, 0))
    return [
        picture[top + 5 : bottom - 4, left + 5 : right - 4]
        for top, bottom in zip(rows[::2], rows[1::2])
        for left, right in zip(columns[::2], columns[1::2])
    ]


def edges(places: np.ndarray) -> np.ndarray:
    """The lines, however thick, that dark rows or columns of pixels make."""
    return places[np.diff(places, prepend=-10) > 3]


def test_points_are_drawn_in_their_colour_over_the_real_ones():
    picture = scatter_panels({"a": dots([0.5, 0.5])}, np.tile(SQUARE, (20, 1)))
    assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
    (panel,) = panels_of(picture)
    corners = pixels_like(panel, REAL_COLOUR, 15)
    assert len(pixels_like(panel, COLOURS[0])) >= 4 and len(corners) >= 16
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    np.testing.assert_allclose(centre(panel, COLOURS[0]), middle, atol=2)


def test_up_is_up_and_right_is_right():
    panels = panels_of(scatter_panels({"a": dots([1.0, 0.0]), "b": dots([0.0, 1.0])}, SQUARE, columns=1))
    middle = np.array(panels[0].shape[:2]) / 2
    low_and_right, high_and_left = (centre(panel, COLOURS[0]) - middle for panel in panels)
    assert low_and_right[0] > 0 > high_and_left[0] and low_and_right[1] > 0 > high_and_left[1]


@pytest.mark.parametrize("real", [SQUARE, None], ids=["of_the_real_points", "of_all_sets"])
def test_panels_have_the_same_axes(real):
    picture = scatter_panels({"a": dots([0.2, 0.7]), "b": np.concatenate([dots([0.2, 0.7]), SQUARE])}, real, columns=2)
    first, second = panels_of(picture)
    here = centre(first, COLOURS[0])
    others = pixels_like(second, COLOURS[0])  # of single points only the middle of a dot is near the colour
    nearest = others[np.argmin(np.abs(others - here).sum(axis=1))]
    np.testing.assert_allclose(nearest, here, atol=4)


def test_points_outside_are_not_seen_and_their_share_is_told():
    near = scatter_panels({"a": dots([0.5, 0.5], 30)}, SQUARE)
    third = scatter_panels({"a": np.concatenate([dots([0.5, 0.5], 20), dots([9.0, 9.0], 10)])}, SQUARE)
    assert third.shape == near.shape and dark(third) > dark(near)
    np.testing.assert_allclose(centre(third, COLOURS[0]), centre(near, COLOURS[0]), atol=1)
    one_in_a_thousand = np.concatenate([dots([0.5, 0.5], 999), dots([9.0, 9.0], 1)])
    assert dark(scatter_panels({"a": one_in_a_thousand}, SQUARE)) == dark(near)


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


FALLS, RISES = Curve([0, 10], [1.0, 0.0]), Curve([0, 10], [0.0, 1.0])


def test_curves():
    picture = curve_panels({"modes": {"falls": FALLS, "rises": RISES}, "wd": {"rises": RISES}}, x_label="steps")
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    first, second = panels_of(picture)
    falls = pixels_like(first, COLOURS[0])
    left, right = falls[np.argmin(falls[:, 1])], falls[np.argmax(falls[:, 1])]
    assert left[0] < right[0]
    # A line has its colour in every panel.
    assert len(pixels_like(second, COLOURS[1])) > 20 and len(pixels_like(second, COLOURS[0])) == 0


def test_axes_have_their_names_and_panels_their_notes():
    """Each takes its room from the panel."""

    def shape(quantity: str, x_label: str, notes: dict[str, str] | None = None) -> tuple[int, ...]:
        (panel,) = panels_of(curve_panels({quantity: {"rises": RISES}}, x_label=x_label, notes=notes))
        return panel.shape

    height, width, _ = shape("", "")
    assert shape("KL divergence (nats)", "")[1] < width
    assert shape("", "generator steps")[0] < height and shape("", "", {"": "lower is better"})[0] < height


def test_a_mean_has_its_band():
    """The band reaches as far as the deviation, and is lighter than the line."""
    flat = Curve([0, 10], [1.0, 1.0], [0.5, 0.5])
    limits = Curve([0, 10], [0.0, 2.0])
    with_band, without = (
        panels_of(curve_panels({"a": {"mean": curve, "limits": limits}}, x_label="steps"))[0]
        for curve in (flat, flat._replace(deviation=None))
    )
    changed = np.flatnonzero(np.any(with_band != without, axis=(1, 2)))
    height = with_band.shape[0]
    np.testing.assert_allclose(np.ptp(changed) / height, 0.5 / 1.1, atol=0.05)  # a twentieth of the axis at each end
    assert np.all(with_band <= without)


def test_a_floor_crosses_its_panel():
    """Dashed, from side to side, where its value is; the other panels have none."""
    panels = {"fid": {"falls": FALLS}, "kid": {"falls": FALLS}}
    first, second = panels_of(curve_panels(panels, x_label="steps", floors={"fid": 0.25}))
    line = pixels_like(first, FLOOR_COLOUR)
    height, width, _ = first.shape
    row = np.bincount(line[:, 0]).argmax()
    columns = np.unique(line[line[:, 0] == row][:, 1])
    assert columns.min() < 0.1 * width and columns.max() > 0.9 * width and len(columns) < 0.85 * width
    ends = [pixels_like(first, COLOURS[0])[:, 0].min(), pixels_like(first, COLOURS[0])[:, 0].max()]
    np.testing.assert_allclose(row, np.interp(0.25, [0.0, 1.0], ends[::-1]), atol=0.03 * height)
    assert len(pixels_like(second, FLOOR_COLOUR)) < 10
    without = curve_panels(panels, x_label="steps")
    np.testing.assert_array_equal(curve_panels(panels, x_label="steps", floors={}), without)


def test_a_floor_below_the_curve_is_seen_and_labelled_beside_the_panel():
    def drawn(floors: dict[str, float]) -> np.ndarray:
        return curve_panels({"fid": {"falls": FALLS}}, x_label="steps", floors=floors)

    (panel,), (alone,) = panels_of(drawn({"fid": -3.0})), panels_of(drawn({}))
    rows = pixels_like(panel, FLOOR_COLOUR)[:, 0]
    assert np.median(rows) > pixels_like(panel, COLOURS[0])[:, 0].max()
    assert panel.shape[1] < alone.shape[1] - 20  # the label takes its room from the panel


def lightness(colour: str) -> float:
    return float(matplotlib.colors.to_rgb(colour) @ np.array([0.299, 0.587, 0.114]))


def test_colours_survive_grey():
    lights = np.array([lightness(colour) for colour in COLOURS])
    assert np.diff(np.sort(lights)).min() > 0.03 and np.abs(np.diff(lights)).min() > 0.08
    assert lightness(REAL_COLOUR) - lights[0] > 0.4


def test_every_line_of_many_is_drawn():
    """More lines than colours: no line is left out."""
    names = [f"line {number}" for number in range(len(COLOURS) + 2)]
    lines = {name: Curve([0, 1], [float(number)] * 2) for number, name in enumerate(names)}
    (panel,) = panels_of(curve_panels({"a": lines}, x_label="steps"))
    spans = [np.ptp(pixels_like(panel, colour)[:, 0]) for colour in COLOURS[:3]]
    height = panel.shape[0]
    assert min(spans[:2]) > 0.3 * height > 0.05 * height > spans[2]  # of the first two colours there are two lines


def test_dots_of_rows():
    series = {"first": {"low": [1.0], "high": [9.0, 9.0]}, "second": {"low": [5.0], "high": [5.0]}}
    picture = dot_panels({"a": series, "b": {"first": series["first"]}}, x_label="percent")
    left, right = panels_of(picture)
    marks = pixels_like(right, COLOURS[0])
    low, high = (marks[side(marks[:, 0], np.median(marks[:, 0]))].mean(axis=0) for side in (np.less, np.greater))
    assert low[0] < high[0] and low[1] < high[1]  # the first row on top, small values left
    assert len(pixels_like(right, COLOURS[1])) == 0 < len(pixels_like(left, COLOURS[1]))


def test_every_series_of_many_is_drawn():
    several = [dot_panels({"a": {str(index): {"row": [index]} for index in range(number)}}) for number in (7, 8)]
    assert not np.array_equal(*several)


@pytest.mark.parametrize("channels", [1, 3])
def test_names_stand_beside_their_rows(channels):
    picture = np.random.default_rng(0).integers(0, 256, (3 * 40, 50, channels)).astype(np.uint8)
    named = with_row_names(picture, ["a", "", "aaa"])
    assert named.dtype == np.uint8 and named.shape[::2] == (120, channels)
    np.testing.assert_array_equal(named[:, -50:], picture)
    first, second, third = np.split(named[:, :-50] < 128, 3)
    assert np.all(second == 0) and 2 * first.sum() < third.sum()
    for row in (first, third):
        heights = np.argwhere(row)[:, 0]
        np.testing.assert_allclose(heights.mean(), 20, atol=4)
    assert not np.any((named[:, :-50] < 255)[:, [0, -1]])  # nothing is cut off


def test_a_long_name_is_cut():
    picture = np.zeros((30, 30, 3), np.uint8)
    long, longer = (with_row_names(picture, ["m" * length]) for length in (30, 300))
    np.testing.assert_array_equal(long, longer)
    assert long.shape[1] > with_row_names(picture, ["mm"]).shape[1]
    assert with_row_names(picture, ["$x_1$ \\frac"]).shape[0] == 30  # a name is no formula
