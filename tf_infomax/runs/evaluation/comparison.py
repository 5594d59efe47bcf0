"""Records of several sources in one table, if they can be compared."""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.runs.directory import METRICS
from tf_infomax.runs.evaluation.summary import value_text
from tf_infomax.runs.records import RESULTS, Record, read_records

SUBJECT = ("source", "model_sha256", "samples_sha256", "weights", "step", "precision", "sampler")
"""Fields on what was measured, which may differ; all others say how, and must not."""
_TELLING = {
    "step": "step",
    "weights": "weights",
    "precision": "precision",
    "sampler": "sampler",
    "model_sha256": "model",
    "samples_sha256": "samples",
}
"""Those that tell measurements of one source apart, by their words; a source is its name."""
_IMPLIED = ("protocol",)
"""Fields that others spell out."""
_SHARED = ("dataset", "split", "features", "resize", "seeds")
_MISSING = "nothing"


def comparison(paths: Sequence[Path]) -> str:
    """Returns a table of the metrics that several sources share, measured in the same way.

    Args:
        paths: Run directories, or files of records, at least two.

    Raises:
        InputError: A path has no records, or no metric of all was measured in the same way; the message names the
            fields that differ.
    """
    if len(paths) < 2:
        raise InputError(f"A comparison needs at least two sources. Received: {len(paths)}")
    records = {str(path): _records(path) for path in paths}
    ways = [{_way(record) for record in own} for own in records.values()]
    shared = [way for way in dict.fromkeys(map(_way, next(iter(records.values())))) if all(way in own for own in ways)]
    if not shared:
        raise InputError(_refusal(records))
    rows: dict[str, dict[str, Record]] = {}
    for name, own in records.items():
        rows |= {name + differing: by_way for differing, by_way in _by_subject(own, shared).items()}
    return _table(rows, shared)


def _by_subject(records: Sequence[Record], ways: Sequence[str]) -> dict[str, dict[str, Record]]:
    """Returns the records of each model or sampler in one source by way, below what tells it from the others there."""
    subjects: dict[str, dict[str, Record]] = {}
    for record in records:
        if (way := _way(record)) in ways:
            subjects.setdefault(json.dumps(_subject(record), sort_keys=True), {})[way] = record
    own = [_subject(next(iter(by_way.values()))) for by_way in subjects.values()]
    telling = [name for name in _TELLING if any(one[name] != own[0][name] for one in own)]
    return {_label(one, telling): by_way for one, by_way in zip(own, subjects.values())}


def _subject(record: Record) -> dict[str, Any]:
    return {name: record.get(name) for name in SUBJECT}


def _label(subject: Mapping[str, Any], telling: Sequence[str]) -> str:
    words = [f"{_TELLING[name]} {_short(name, subject[name])}" for name in telling]
    return f" ({', '.join(words)})" if words else ""


def _short(name: str, value: Any) -> str:
    """Returns a value for people: the beginning of a digest, the parts of a sampler that are set."""
    if isinstance(value, Mapping):
        return " ".join(f"{name} {part}" for name, part in value.items() if part is not None) or "plain"
    return str(value)[:8] if name.endswith("_sha256") else str(value)


def _records(path: Path) -> list[Record]:
    file = path / METRICS if path.is_dir() else path
    records = [record for record in read_records(file) if "dataset_digest" in record]
    if not records:
        command = f"tf-infomax evaluate {shlex.quote(str(path))}"
        raise InputError(f"{path} has no records of an evaluation by this version; run: {command}")
    return records


def _way(record: Mapping[str, Any]) -> str:
    return json.dumps(_how(record), sort_keys=True)


def _how(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in (*RESULTS, *SUBJECT, *_IMPLIED)}


def _refusal(records: Mapping[str, list[Record]]) -> str:
    (first_name, first), *others = records.items()
    for name, own in others:
        pairs = [(a, b) for a in first for b in own if a["metric"] == b["metric"]]
        if not pairs:
            metrics = [", ".join(dict.fromkeys(record["metric"] for record in some)) for some in (first, own)]
            return f"{first_name} and {name} have no metric in common: {metrics[0]}; {metrics[1]}."
        nearest = min((_differences(a, b) for a, b in pairs), key=len)
        if nearest:
            changes = ", ".join(f"{field} ({a} and {b})" for field, (a, b) in nearest.items())
            return f"{first_name} and {name} cannot be compared: they differ in {changes}."
    return "No metric was measured in the same way for all."


def _differences(first: Record, second: Record) -> dict[str, tuple[Any, Any]]:
    one, other = _how(first), _how(second)
    pairs = {name: (one.get(name, _MISSING), other.get(name, _MISSING)) for name in {**one, **other}}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _table(rows: Mapping[str, Mapping[str, Record]], ways: Sequence[str]) -> str:
    first = [next(by_way[way] for by_way in rows.values() if way in by_way) for way in ways]
    floor = ["real against real", *("-" if r["floor"] is None else f"{r['floor']:.5g}" for r in first)]
    cells = [
        ["", *(record["metric"] for record in first)],
        ["generated / real", *(f"{record['num_fake']:,} / {record['num_real']:,}" for record in first)],
        *([name, *(value_text(own[way]) if way in own else "-" for way in ways)] for name, own in rows.items()),
        floor,
    ]
    widths = [max(map(len, column)) for column in zip(*cells)]
    common = ", ".join(f"{name} {first[0].get(name)}" for name in _SHARED)
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    return "\n".join([common, *lines])
