"""Figures: points over the data they should cover, curves over training, values of rows, and names of rows."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tf_infomax.types import Array

REAL_COLOUR = "#c3c7cc"
FLOOR_COLOUR = "#707070"
COLOURS = ("#12308c", "#e69f00", "#a3195b", "#3fa66b", "#0072b2", "#d55e00")
"""Each has a lightness of its own, far from its neighbours': in grey they still differ."""
LINE_STYLES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""As many as have no factor in common with the colours: of 42 lines no two look alike."""
MARGIN = 0.15
"""Empty border around the real points, as a part of their extent."""
_LEGEND_INCHES = 1.5
_LEGEND_LINE_INCHES = 0.2
"""Height of each line of a legend but the first, which the panels give up."""
_ROW_NAME = 24
"""Characters of a row's name that are shown."""
_FLOOR_MARGIN = 0.12
"""Empty part of an axis at each end, where the label of a floor has room."""


class Curve(NamedTuple):
    """A line, with a band about it where it is a mean.

    Attributes:
        x: The places.
        y: A value at each of them.
        deviation: Half the height of the band at each of them; None for no band.
    """

    x: Sequence[float]
    y: Sequence[float]
    deviation: Sequence[float] | None = None


def scatter_panels(
    panels: Mapping[str, Array], real: Array | None = None, *, columns: int = 4, dots_per_inch: int = 110
) -> Array:
    """Draws points (N, 2), one panel a set, over the real points.

    All panels have the axes of the real points, or without them of all sets; what lies outside is not seen, and its
    share is told in the panel.

    Args:
        panels: Generated points by the title of their panel.
        real: Points (M, 2) of the data, drawn in light grey beneath.
        columns: Panels in a row.
        dots_per_inch: Resolution; a panel is 2.6 inches wide.

    Returns:
        (height, width, 3) uint8.
    """
    figure, axes = _figure(len(panels), columns, panel=(2.6, 2.8), dots_per_inch=dots_per_inch)
    low, high = _limits(np.concatenate(list(panels.values())) if real is None else real)
    for axis, (title, points) in zip(axes, panels.items()):
        if real is not None:
            axis.scatter(*real.T, s=6, c=REAL_COLOUR, linewidths=0)
        axis.scatter(*points.T, s=3, c=COLOURS[0], alpha=0.6, linewidths=0)
        outside = float(np.mean(np.any((points < low) | (points > high), axis=1)))
        axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
        axis.set_title(f"{title} ({outside:.0%} outside)" if outside >= 0.005 else title, fontsize=10)
        axis.set_xlabel("x", fontsize=8)
        axis.set_ylabel("y", fontsize=8)
        axis.tick_params(labelsize=7)
        axis.locator_params(nbins=5)
    return _pixels(figure)


def curve_panels(
    panels: Mapping[str, Mapping[str, Curve]],
    *,
    x_label: str,
    notes: Mapping[str, str] | None = None,
    floors: Mapping[str, float] | None = None,
    columns: int = 3,
    dots_per_inch: int = 110,
) -> Array:
    """Draws curves, one panel a quantity and one line a name, which looks alike in all panels.

    Lines differ in colour, lightness, dashes and marks.

    Args:
        panels: By the quantity with its unit, the label of the y axis, and by the line's name: a curve.
        x_label: What x is, with its unit.
        notes: Titles of panels, by the quantity.
        floors: What the data themselves reach, by the quantity: a dashed line across its panel.
        columns: Panels in a row.
        dots_per_inch: Resolution; a panel is 3.4 inches wide.

    Returns:
        (height, width, 3) uint8.
    """
    figure, axes = _figure(len(panels), columns, panel=(3.4, 2.6), dots_per_inch=dots_per_inch)
    styles = {name: _style(index) for index, name in enumerate(_names(panels.values()))}
    for axis, (quantity, lines) in zip(axes, panels.items()):
        for name, curve in lines.items():
            style = styles[name]
            axis.plot(curve.x, curve.y, label=name, markersize=3.5, markevery=_every(curve), linewidth=1.3, **style)
            if curve.deviation is not None:
                low, high = np.subtract(curve.y, curve.deviation), np.add(curve.y, curve.deviation)
                axis.fill_between(curve.x, low, high, color=style["color"], alpha=0.15, linewidth=0)
        if floors and quantity in floors:
            _draw_floor(axis, floors[quantity])
        axis.set_title((notes or {}).get(quantity, ""), fontsize=8, color="#555555")
        axis.set_xlabel(x_label, fontsize=8)
        axis.set_ylabel(quantity, fontsize=8)
        axis.tick_params(labelsize=8)
        axis.locator_params(axis="x", nbins=5)
        axis.grid(alpha=0.25)
    _legend(figure, axes)
    return _pixels(figure)


def dot_panels(
    panels: Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]],
    *,
    x_label: str | None = None,
    columns: int = 3,
    dots_per_inch: int = 110,
) -> Array:
    """Draws a mark for every value and a bar at the mean of a row, one panel a quantity and one colour a series.

    Args:
        panels: By the panel's title, the series' name and the row: values. All have the same rows, the first on top.
        x_label: What the values are, with their unit; if None the title of a panel says it, below the axis.
        columns: Panels in a row.
        dots_per_inch: Resolution; a panel is 3.4 inches wide.

    Returns:
        (height, width, 3) uint8.
    """
    rows = _names(series for panel in panels.values() for series in panel.values())
    height = 1.3 + 0.25 * len(rows)
    figure, axes = _figure(len(panels), columns, panel=(3.4, height), dots_per_inch=dots_per_inch)
    for index, (axis, (title, series)) in enumerate(zip(axes, panels.items())):
        for marker, colour, (name, values) in zip(itertools.cycle(MARKERS), itertools.cycle(COLOURS), series.items()):
            for place, row in enumerate(rows):
                own = values[row]
                label = name if place == 0 else None
                axis.scatter(
                    own, [place] * len(own), s=16, c=colour, marker=marker, alpha=0.6, linewidths=0, label=label
                )
                axis.scatter(np.mean(own), place, s=90, c=colour, marker="|")
        axis.set_yticks(range(len(rows)), rows if index % columns == 0 else [""] * len(rows), fontsize=8)
        axis.invert_yaxis()
        axis.set_title("" if x_label is None else title, fontsize=10)
        axis.set_xlabel(x_label or title, fontsize=8)
        axis.tick_params(labelsize=8)
        axis.grid(alpha=0.25)
    _legend(figure, axes)
    return _pixels(figure)


def with_row_names(picture: Array, names: Sequence[str], *, dots_per_inch: int = 110) -> Array:
    """Writes names beside the rows of a picture, to the left; long ones are cut.

    Args:
        picture: (height, width, C) uint8, whose rows have equal heights.
        names: A name for each row, from the top.
        dots_per_inch: Resolution.

    Returns:
        (height, wider, C) uint8, dark on white.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height, _, channels = picture.shape
    figure = Figure(dpi=dots_per_inch)
    canvas = FigureCanvasAgg(figure)
    shown = [name if len(name) <= _ROW_NAME else f"{name[: _ROW_NAME - 1]}…" for name in names]
    places = 1 - (np.arange(len(names)) + 0.5) / len(names)
    look: dict[str, Any] = {"fontsize": 9, "ha": "right", "va": "center", "parse_math": False}
    texts = [figure.text(1.0, place, name, **look) for place, name in zip(places, shown)]
    margin = round(0.06 * dots_per_inch)
    widest = max(text.get_window_extent(canvas.get_renderer()).width for text in texts)
    width = int(np.ceil(widest)) + 2 * margin
    for text in texts:
        text.set_x(1 - margin / width)
    # Half a pixel more: sizes in inches are rounded down to pixels.
    figure.set_size_inches((width + 0.5) / dots_per_inch, (height + 0.5) / dots_per_inch)
    column = np.repeat(_pixels(figure)[..., :1], channels, axis=2)  # (height, width, C)
    return np.concatenate([column, picture], axis=1)


def _names(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Returns all keys, each once, in their order."""
    return list(dict.fromkeys(name for mapping in mappings for name in mapping))


def _style(index: int) -> dict[str, Any]:
    looks = {"color": COLOURS, "linestyle": LINE_STYLES, "marker": MARKERS}
    return {look: choices[index % len(choices)] for look, choices in looks.items()}


def _draw_floor(axis: Any, value: float) -> None:
    """Draws a line across a panel, with its label to the right of it, where no curve runs."""
    axis.margins(y=_FLOOR_MARGIN)
    axis.axhline(value, color=FLOOR_COLOUR, linestyle=(0, (5, 3)), linewidth=1.1, zorder=1.5)
    place = {"xy": (1.02, value), "xycoords": ("axes fraction", "data"), "annotation_clip": False}
    axis.annotate(f"floor\n{value:.3g}", **place, va="center", fontsize=8, color=FLOOR_COLOUR)


def _every(curve: Curve) -> int:
    """Returns how many places lie between two marks, so that there are about ten."""
    return max(1, len(curve.x) // 10)


def _legend(figure: Any, axes: Sequence[Any]) -> None:
    """Draws one legend below all panels, where it covers nothing; none if no panel has two lines or series."""
    entries = [axis.get_legend_handles_labels() for axis in axes]
    handles = {label: handle for own in entries for handle, label in zip(*own)}
    if any(len(labels) > 1 for _, labels in entries):
        columns = max(1, int(figure.get_figwidth() / _LEGEND_INCHES))
        more_lines = -(-len(handles) // columns) - 1
        figure.set_figheight(figure.get_figheight() + _LEGEND_LINE_INCHES * more_lines)
        figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=columns, fontsize=8)


def _figure(num_panels: int, columns: int, *, panel: tuple[float, float], dots_per_inch: int) -> tuple[Any, list[Any]]:
    """Returns a figure and its axes, at least one a panel, in rows of `columns`."""
    # Here and not above: most of the library draws no figures.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = min(columns, num_panels)
    rows = -(-num_panels // columns)
    figure = Figure(figsize=(panel[0] * columns, panel[1] * rows), dpi=dots_per_inch, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, list(np.ravel(figure.subplots(rows, columns, squeeze=False)))


def _limits(points: Array) -> tuple[Array, Array]:
    low, high = points.min(axis=0), points.max(axis=0)
    border = MARGIN * np.maximum(high - low, 1e-6)
    return low - border, high + border


def _pixels(figure: Any) -> Array:
    for axis in figure.axes:
        if not axis.has_data():
            axis.axis("off")
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()
