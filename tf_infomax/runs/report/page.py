"""The page of a report."""

from collections.abc import Callable
from importlib.resources import files
from xml.etree.ElementTree import Element

from tf_infomax.runs.report.content import Report
from tf_infomax.runs.report.figures import curve_figures, neighbour_figures, sample_figures
from tf_infomax.runs.report.html import definition_list, document, element
from tf_infomax.runs.report.measured import complete_records, measurement_parts

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""The page loads nothing and runs nothing, whatever is written in it."""

SECTIONS: dict[str, Callable[[Report], list[Element]]] = {
    "Samples": sample_figures,
    "Metrics": measurement_parts,
    "Training": curve_figures,
    "Nearest real images": neighbour_figures,
    "Complete records": complete_records,
}
"""Parts of the page by their headings, in order; a part without content is left out."""


def report_page(report: Report) -> str:
    """Writes a report as one page of HTML, which needs no other file and no network.

    Args:
        report: What to show. A part that it lacks is replaced by a sentence.

    Returns:
        The content of an HTML file in UTF-8.
    """
    parts = {heading: make(report) for heading, make in SECTIONS.items()}
    sections = [_section(heading, content) for heading, content in parts.items() if content]
    body = element("body", element("main", _header(report), *sections))
    return document(element("html", _head(report.title), body, lang="en"))


def _head(title: str) -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", files("tf_infomax.runs.report").joinpath("page.css").read_text(encoding="utf-8")),
    )


def _header(report: Report) -> Element:
    facts = definition_list(dict(report.facts)) if report.facts else None
    return element("header", element("h1", report.title), facts)


def _section(heading: str, content: list[Element]) -> Element:
    name = heading.lower().replace(" ", "-")
    return element("section", element("h2", heading, id=name), *content, aria_labelledby=name)
