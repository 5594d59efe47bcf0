"""Measurements of a report: a table of metrics, and the protocol that they share."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from tf_infomax.metrics import Metric
from tf_infomax.runs.report.content import Report
from tf_infomax.runs.report.html import Node, definition_list, element, long, scroll_box
from tf_infomax.runs.report.numbers import number, number_and_deviation, text

Record = Mapping[str, Any]

ROW_FIELDS = {"metric", "value", "std", "std_kind", "values", "definition", "floor", "notes"}
"""Fields of a record that its row shows; the others are its protocol."""

FIELDS = {
    "num_fake": "Generated samples",
    "num_real": "Real samples",
    "dataset": "Dataset",
    "split": "Split",
    "dataset_digest": "Digest of the dataset",
    "features": "Features",
    "resize": "Resizing",
    "features_sha256": "SHA-256 of the features",
    "step": "Training step",
    "weights": "Weights",
    "model_sha256": "SHA-256 of the model",
    "sampler": "Sampler",
    "precision": "Precision",
    "seeds": "Seeds",
    "protocol": "Protocol",
    "source": "Source",
    "versions": "Versions",
}
"""Titles of the fields of a protocol, in their order; fields that are not here follow by their own names."""

DIGESTS = {"dataset_digest", "features_sha256", "model_sha256"}
_DIGEST_LENGTH = 12

BETTER = {"lower": ("↓", "lower"), "higher": ("↑", "higher"), "nearer 50": ("→", "nearer 50")}
"""A mark and words for the values that are better."""

DEVIATIONS = {
    "seeds": "over seeds: the population standard deviation of the values of all seeds, whose mean is shown",
    "standard error": "standard error: that of the estimate from one set of samples",
    "subsets": "over subsets: the standard deviation of the values of subsets of one set of samples",
    "splits": "over splits: the standard deviation of the values of splits of one set of samples",
}
_SHORT = {"seeds": "over seeds", "subsets": "over subsets", "splits": "over splits"}
FLOOR = "Floor: what real samples score in place of the generated ones."


def measurement_parts(report: Report) -> list[Element]:
    """Shows the common protocol, the table of metrics, what its columns mean, and remarks."""
    if not report.records:
        return [element("p", "There are no measurements.", class_="missing")]
    common, differing = split_protocol(report.records)
    told = {name: value for name, value in common.items() if value is not None and text(value)}
    shown: dict[str, Node] = {_title(name): _value(name, value) for name, value in told.items()}
    parts = [definition_list(shown), _table(report, common, differing), _legend(report.records), _remarks(report)]
    return [part for part in parts if part is not None]


def complete_records(report: Report) -> list[Element]:
    """Shows the records as JSON, to be unfolded and copied."""
    if not report.records:
        return []
    written = json.dumps([dict(record) for record in report.records], indent=2, ensure_ascii=False)
    count = f"{len(report.records)} record{'s' if len(report.records) > 1 else ''}"
    box = scroll_box(element("pre", element("code", written)), "Records as JSON")
    return [element("details", element("summary", f"Show {count} as JSON"), box)]


def split_protocol(records: Sequence[Record]) -> tuple[dict[str, Any], list[str]]:
    """Returns the fields of the protocol that all records share, and the names of those in which they differ."""
    found = dict.fromkeys(name for record in records for name in record if name not in ROW_FIELDS)
    names = [*(name for name in FIELDS if name in found), *(name for name in found if name not in FIELDS)]
    first = records[0]
    common = {name: first.get(name) for name in names if all(r.get(name) == first.get(name) for r in records)}
    return common, [name for name in names if name not in common]


def _table(report: Report, common: Record, differing: Sequence[str]) -> Element:
    has_floor = any(record.get("floor") is not None for record in report.records)
    head = [element("th", "Metric", scope="col"), element("th", "Value", scope="colgroup", colspan=2, class_="number")]
    if has_floor:
        head.append(element("th", "Floor", scope="col", class_="number"))
    head += [element("th", title, scope="col") for title in ("Better", *map(_title, differing))]
    rows = [_row(record, report.metrics, differing, has_floor) for record in report.records]
    caption = element("caption", _caption(common))
    body = [element("thead", element("tr", *head)), element("tbody", *rows)]
    return scroll_box(element("table", caption, *body, class_="metrics"), "Metrics")


def _caption(common: Record) -> str:
    if common.get("num_fake") is None or common.get("num_real") is None:
        return "Metrics of the generated samples"
    return f"{text(common['num_fake'])} generated against {text(common['num_real'])} real samples"


def _row(record: Record, metrics: Mapping[str, Metric[Any]], differing: Sequence[str], has_floor: bool) -> Element:
    known = metrics.get(record["metric"])
    cells = [_metric_cell(record, known), *_value_cells(record)]
    if has_floor:
        cells.append(element("td", _floor(record), class_="number"))
    cells.append(_better_cell(known))
    return element("tr", *cells, *(_protocol_cell(name, record.get(name)) for name in differing))


def _metric_cell(record: Record, known: Metric[Any] | None) -> Element:
    definition = str(record.get("definition") or (known.definition if known else ""))
    short = element("span", definition.split(";")[0], class_="remark")
    return element("th", known.heading if known else str(record["metric"]), short, scope="row")


def _value_cells(record: Record) -> list[Element]:
    value, deviation = number_and_deviation(float(record["value"]), record.get("std"))
    kind = record.get("std_kind")
    spread: list[Node] = [f"± {deviation}"] if deviation else []
    if deviation and kind:
        spread.append(element("span", _SHORT.get(kind, str(kind)), class_="remark"))
    return [element("td", value, class_="number"), element("td", *spread, class_="deviation")]


def _floor(record: Record) -> str:
    return "–" if record.get("floor") is None else number(record["floor"], digits=3)


def _better_cell(known: Metric[Any] | None) -> Element:
    if known is None:
        return element("td", "–")
    mark, words = BETTER.get(known.better, ("", str(known.better)))
    return element("td", element("span", mark, aria_hidden="true"), f" {words}", class_="better")


def _protocol_cell(name: str, value: Any) -> Element:
    shown = _value(name, value)
    return element("td", shown, class_=long(shown))


def _legend(records: Sequence[Record]) -> Element | None:
    """Explains the columns that are there."""
    kinds = dict.fromkeys(record["std_kind"] for record in records if record.get("std_kind"))
    sentences = [f"± {DEVIATIONS[kind]}." for kind in kinds if kind in DEVIATIONS]
    if any(record.get("floor") is not None for record in records):
        sentences.insert(0, FLOOR)
    return element("ul", *(element("li", sentence) for sentence in sentences), class_="legend") if sentences else None


def _remarks(report: Report) -> Element | None:
    """Lists notes, each once, with the metrics that have it."""
    notes: dict[str, list[str]] = {}
    for record in report.records:
        known = report.metrics.get(record["metric"])
        for note in record.get("notes") or ():
            titles = notes.setdefault(str(note), [])
            titles += [title for title in [known.title if known else str(record["metric"])] if title not in titles]
    items = [element("li", element("b", ", ".join(titles)), f": {note}") for note, titles in notes.items()]
    return element("div", element("h3", "Remarks"), element("ul", *items), class_="remarks") if items else None


def _title(name: str) -> str:
    return FIELDS.get(name) or name.replace("_", " ").capitalize()


def _value(name: str, value: Any) -> Node:
    if name in DIGESTS and isinstance(value, str):
        shown = value if len(value) <= _DIGEST_LENGTH else f"{value[:_DIGEST_LENGTH]}…"
        return element("code", shown, title=value)
    return text(value)
