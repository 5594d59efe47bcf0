"""Reports to write, and the pages read back as trees."""

import base64
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import numpy as np
import tensorflow as tf

from tf_infomax.plots import Curve
from tf_infomax.runs.report import Neighbours, Report

VOID = {"meta", "img"}
NASTY = "</style><script>alert('1')</script> & \"quoted\" <b>bold</b>"


class Reader(HTMLParser):
    """Reads a page as browsers do; elements that are not closed in order fail."""

    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.open.append(tag)
        if tag in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.builder.end(tag)

    def handle_data(self, data):
        if self.open:
            self.builder.data(data)


def read(page: str) -> Element:
    reader = Reader()
    reader.feed(page)
    assert not reader.open
    return reader.builder.close()


def words(element: Element) -> str:
    return "".join(element.itertext())


def cells(row: Element) -> list[str]:
    """Texts of a row; an empty one for each further column that a cell spans."""
    return [text for cell in row for text in (words(cell), *[""] * (int(cell.get("colspan", 1)) - 1))]


def pixels(image: Element) -> np.ndarray:
    kind, _, data = image.attrib["src"].partition(",")
    assert kind == "data:image/png;base64"
    return tf.io.decode_png(base64.b64decode(data)).numpy()


def section(page: Element, name: str) -> Element:
    (found,) = [part for part in page.iter("section") if part.get("aria-labelledby") == name]
    return found


def record(metric: str = "fid", value: float = 12.3456, **fields: Any) -> dict[str, Any]:
    """A record as in metrics.json."""
    protocol = {"num_real": 500, "num_fake": 400, "dataset": "digits", "split": "train", "step": 300, "seeds": [0, 1]}
    row = {"std": None, "std_kind": None, "values": [value], "definition": "its definition; features: a network"}
    return {
        "metric": metric,
        "value": value,
        **row,
        "floor": None,
        "notes": [],
        **protocol,
        **fields,
    }


def images(count: int, size: int = 8, channels: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, size, size, channels), np.uint8)


def full_report(**changes: Any) -> Report:
    parts = {
        "title": "a run",
        "facts": {"preset": "digits"},
        "samples": images(4),
        "real": images(4, seed=1),
        "neighbours": [Neighbours(sample, images(2, seed=2), np.array([0.5, 2.25])) for sample in images(3)],
        "curves": {"fid": Curve([1000, 2000], [50.0, 12.5]), "mine": Curve([10], [0.25])},
        "floors": {"fid": 0.75},
        "records": [record(std=0.4321, std_kind="seeds", floor=0.75), record("mine", 0.25, notes=["a note"])],
        "typical": 3.125,
    }
    return Report(**{**parts, **changes})
