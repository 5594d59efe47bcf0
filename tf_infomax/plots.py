"""Figures: points over the data they should cover, curves over training, and values of rows."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tf_infomax.types import Array

REAL_COLOUR = "#9aa0a6"
COLOURS = ("#1f6fb4", "#2a9d4a", "#e07b00", "#c8352b", "#7a4fb0", "#6b4a3a")
LINE_STYLES = ("-", "--", ":")
"""Of the first six lines, of the next six, ..."""
MARGIN = 0.15
"""Empty border around the real points, as a part of their extent."""
Curve = tuple[Sequence[float], Sequence[float]]


def scatter_panels(
    panels: Mapping[str, Array], real: Array | None = None, *, columns: int = 4, dots_per_inch: int = 110
) -> Array:
    """Draws points (N, 2), one panel a set, over the real points.

    All panels have the axes of the real points, or without them of all sets; what lies outside is not seen, and its
    share is told in the panel.

    Args:
        panels: Generated points by the title of their panel.
        real: Points (M, 2) of the data, drawn in grey beneath.
        columns: Panels in a row.
        dots_per_inch: Resolution; a panel is 2.6 inches wide.

    Returns:
        (height, width, 3) uint8.
    """
    figure, axes = _figure(len(panels), columns, panel=(2.6, 2.8), dots_per_inch=dots_per_inch)
    low, high = _limits(np.concatenate(list(panels.values())) if real is None else real)
    for index, (axis, (title, points)) in enumerate(zip(axes, panels.items())):
        if real is not None:
            axis.scatter(*real.T, s=3, c=REAL_COLOUR, alpha=0.4, linewidths=0)
        axis.scatter(*points.T, s=3, c=COLOURS[index % len(COLOURS)], alpha=0.6, linewidths=0)
        outside = float(np.mean(np.any((points < low) | (points > high), axis=1)))
        axis.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal", xticks=[], yticks=[])
        axis.set_title(f"{title} ({outside:.0%} outside)" if outside >= 0.005 else title, fontsize=10)
    return _pixels(figure)


def curve_panels(
    panels: Mapping[str, Mapping[str, Curve]], *, x_label: str, columns: int = 3, dots_per_inch: int = 110
) -> Array:
    """Draws curves, one panel a quantity and one line a name, the same colours in all panels.

    Args:
        panels: By the panel's title, by the line's name: x and y values.
        x_label: What x is.
        columns: Panels in a row.
        dots_per_inch: Resolution; a panel is 3.4 inches wide.

    Returns:
        (height, width, 3) uint8.
    """
    figure, axes = _figure(len(panels), columns, panel=(3.4, 2.5), dots_per_inch=dots_per_inch)
    for axis, (title, lines) in zip(axes, panels.items()):
        for (style, colour), (name, (x, y)) in zip(itertools.product(LINE_STYLES, COLOURS), lines.items()):
            axis.plot(x, y, label=name, color=colour, linestyle=style, linewidth=1.4)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel(x_label, fontsize=8)
        axis.tick_params(labelsize=8)
        axis.grid(alpha=0.25)
    axes[0].legend(fontsize=8)
    return _pixels(figure)


def dot_panels(
    panels: Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]],
    *,
    x_label: str = "",
    columns: int = 3,
    dots_per_inch: int = 110,
) -> Array:
    """Draws a dot for every value and a bar at the mean of a row, one panel a quantity and one colour a series.

    Args:
        panels: By the panel's title, the series' name and the row: values. All have the same rows, the first on top.
        x_label: What the values are.
        columns: Panels in a row.
        dots_per_inch: Resolution; a panel is 3.4 inches wide.

    Returns:
        (height, width, 3) uint8.
    """
    rows = list(dict.fromkeys(row for series in panels.values() for values in series.values() for row in values))
    height = 1.0 + 0.25 * len(rows)
    figure, axes = _figure(len(panels), columns, panel=(3.4, height), dots_per_inch=dots_per_inch)
    for index, (axis, (title, series)) in enumerate(zip(axes, panels.items())):
        for colour, (name, values) in zip(COLOURS, series.items()):
            for place, row in enumerate(rows):
                own = values[row]
                label = name if place == 0 else None
                axis.scatter(own, [place] * len(own), s=14, c=colour, alpha=0.5, linewidths=0, label=label)
                axis.scatter(np.mean(own), place, s=90, c=colour, marker="|")
        axis.set_yticks(range(len(rows)), rows if index % columns == 0 else [""] * len(rows), fontsize=8)
        axis.invert_yaxis()
        axis.set_title(title, fontsize=10)
        axis.set_xlabel(x_label, fontsize=8)
        axis.tick_params(labelsize=8)
        axis.grid(alpha=0.25)
        if len(series) > 1 and index == 0:
            axis.legend(fontsize=8)
    return _pixels(figure)


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
