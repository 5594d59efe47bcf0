"""Pictures of a report: samples beside real ones, curves over training, and nearest neighbours."""

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element

import numpy as np

from tf_infomax.images import are_images, image_grid
from tf_infomax.plots import Curve, curve_panels, scatter_panels
from tf_infomax.runs.report.content import Neighbours, Report
from tf_infomax.runs.report.html import element, picture, scroll_box
from tf_infomax.runs.report.numbers import number
from tf_infomax.types import Array

_GRID_PIXELS = 1100
"""Width of a grid, twice that on the page: pixels of images then keep sharp edges on any screen."""
_SMALL = 64
"""Images up to this height are shown with visible pixels."""
_DOTS_PER_INCH = 220
_ORDINALS = ("1st", "2nd", "3rd")


def sample_figures(report: Report) -> list[Element]:
    """Shows generated samples beside real ones."""
    if not len(report.samples) or not len(report.real):
        return [element("p", "There are no samples to show.", class_="missing")]
    if are_images(report.samples.shape[1:]):
        return [_side_by_side(_grid_figure(report.samples, "Generated"), _grid_figure(report.real, "Real"))]
    if report.samples.shape[1] != 2:
        return [element("p", "Only points in the plane can be drawn.", class_="missing")]
    drawn = _side_by_side(_point_figure(report, "Generated"), _point_figure(report, "Real"))
    return [
        element("p", "Generated points lie over the real ones, which are grey. Both pictures have the same axes."),
        drawn,
    ]


def curve_figures(report: Report) -> list[Element]:
    """Shows each metric over training in a panel of its own."""
    if not report.curves:
        return [element("p", "No metrics were recorded during training.", class_="missing")]
    sentence = "Metrics as measured during training, on fewer samples than in an evaluation."
    if report.floors.keys() & report.curves.keys():
        sentence += " The dashed line is the floor: what real samples score in place of generated ones."
    figures = [_curve_figure(report, name, curve) for name, curve in report.curves.items()]
    return [element("p", sentence), element("div", *figures, class_="curves")]


def neighbour_figures(report: Report) -> list[Element]:
    """Shows samples with the real images nearest to them, and says how to read that."""
    if not report.neighbours:
        return [element("p", "No nearest real images were sought.", class_="missing")]
    closest = [float(row.distances[0]) for row in report.neighbours]
    sentences = [
        "Each row has a generated image and the real images nearest to it among those compared, with their Euclidean "
        "distances in the space of the features. A distance near zero means a copy: the generator has memorised that "
        f"image. The nearest ones lie {number(min(closest), digits=3)} to {number(max(closest), digits=3)} away."
    ]
    if report.typical is not None:
        sentences.append(
            f"Compare with {number(report.typical, digits=3)}, the median distance from a real image to the nearest "
            "other one: distances far below it are suspicious."
        )
    return [element("p", " ".join(sentences)), _neighbour_table(report.neighbours)]


def _side_by_side(*figures: Element) -> Element:
    return element("div", *figures, class_="pair")


def _grid_figure(images: Array, kind: str) -> Element:
    count, height, width = images.shape[:3]
    description = f"Grid of {count} {kind.lower()} images of {height} x {width} pixels"
    return element(
        "figure", picture(_grid(images), description), element("figcaption", f"{count} {kind.lower()} images")
    )


def _grid(images: Array) -> Array:
    """Lays images out on a canvas that is clear between them, (height, width, C + 1) uint8."""
    columns = math.ceil(math.sqrt(len(images)))
    scale = max(1, math.ceil(_GRID_PIXELS / (columns * images.shape[2])))
    layout = {"columns": columns, "padding": 2 * scale if images.shape[2] < _SMALL else 4, "scale": scale}
    between = image_grid(np.zeros((*images.shape[:3], 1), np.uint8), **layout)
    padding = layout["padding"]
    return np.concatenate([image_grid(images, **layout), 255 - between], axis=2)[padding:-padding, padding:-padding]


def _point_figure(report: Report, kind: str) -> Element:
    points = {"Generated": report.samples, "Real": report.real}[kind]
    drawn = scatter_panels({kind.lower(): points}, report.real, dots_per_inch=_DOTS_PER_INCH)
    description = f"Scatter plot of {len(points):,} {kind.lower()} points in the plane"
    return element(
        "figure",
        picture(drawn, description, class_="plot"),
        element("figcaption", f"{len(points):,} {kind.lower()} points"),
    )


def _curve_figure(report: Report, name: str, curve: Curve) -> Element:
    row = report.metrics.get(name)
    heading = row.heading if row else name
    floors = {heading: report.floors[name]} if name in report.floors else None
    drawn = curve_panels(
        {heading: {name: curve}}, x_label="generator steps", floors=floors, dots_per_inch=_DOTS_PER_INCH
    )
    course = f"{number(curve.y[0])} at step {curve.x[0]:,} to {number(curve.y[-1])} at step {curve.x[-1]:,}"
    floor = f", floor {number(floors[heading])}" if floors else ""
    caption = element("figcaption", element("b", heading), f": {number(curve.y[-1])} at the end")
    if row:
        caption.append(element("span", f"{row.better} is better", class_="remark"))
    return element("figure", picture(drawn, f"Curve of {heading}: from {course}{floor}", class_="plot"), caption)


def _neighbour_table(rows: Sequence[Neighbours]) -> Element:
    most = max(len(row.nearest) for row in rows)
    titles = ["Sample", *(_ordinal(place) for place in range(most))]
    head = element("tr", *(element("th", title, scope="col") for title in titles))
    body = [_neighbour_row(place, row, most) for place, row in enumerate(rows)]
    table = element(
        "table",
        element("caption", "Samples and the real images nearest to them, with distances"),
        element("thead", head),
        element("tbody", *body),
        class_="neighbours",
    )
    return scroll_box(table, "Nearest real images")


def _neighbour_row(place: int, row: Neighbours, columns: int) -> Element:
    sample = element("th", _tile(row.sample, f"Generated image {place + 1}"), scope="row")
    cells = [
        element("td", _tile(image, f"Real image at distance {number(float(distance), digits=3)}"), _distance(distance))
        for image, distance in zip(row.nearest, row.distances)
    ]
    empty = [element("td") for _ in range(columns - len(cells))]
    return element("tr", sample, *cells, *empty)


def _tile(image: Array, description: str) -> Element:
    height, width = image.shape[:2]
    scale = max(1, math.ceil(_SMALL / height))
    style = f"--width: {min(scale * width, 2 * _SMALL)}px"
    return picture(image, description, class_="tile small" if height <= _SMALL else "tile", style=style)


def _distance(distance: float) -> Element:
    return element("span", number(float(distance), digits=3), class_="distance")


def _ordinal(place: int) -> str:
    return _ORDINALS[place] if place < len(_ORDINALS) else f"{place + 1}th"
