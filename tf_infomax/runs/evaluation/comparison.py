"""Records of several sources in one table, if they can be compared."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.runs.directory import METRICS
from tf_infomax.runs.evaluation.summary import value_text
from tf_infomax.runs.records import RESULTS, Record, read_records

SUBJECT = ("source", "model_sha256", "samples_sha256", "weights", "step", "precision", "sampler")
"""Fields on what was measured, which may differ; all others say how, and must not."""
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
    by_way = {name: {_way(record): record for record in own} for name, own in records.items()}
    shared = [way for way in by_way[str(paths[0])] if all(way in own for own in by_way.values())]
    if not shared:
        raise InputError(_refusal(records))
    return _table([[own[way] for way in shared] for own in by_way.values()], list(records))


def _records(path: Path) -> list[Record]:
    file = path / METRICS if path.is_dir() else path
    records = [record for record in read_records(file) if "dataset_digest" in record]
    if not records:
        raise InputError(f"{path} has no records of an evaluation by this version; run: tf-infomax evaluate {path}")
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


def _table(rows: Sequence[Sequence[Record]], names: Sequence[str]) -> str:
    first = rows[0]
    floor = ["real against real", *("-" if r["floor"] is None else f"{r['floor']:.5g}" for r in first)]
    cells = [
        ["", *(record["metric"] for record in first)],
        ["generated / real", *(f"{record['num_fake']:,} / {record['num_real']:,}" for record in first)],
        *([name, *map(value_text, own)] for name, own in zip(names, rows)),
        floor,
    ]
    widths = [max(map(len, column)) for column in zip(*cells)]
    common = ", ".join(f"{name} {first[0].get(name)}" for name in _SHARED)
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    return "\n".join([common, *lines])
