"""Records as a table for people."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from tf_infomax.runs.records import Record

STD_KINDS: Mapping[str, str] = {
    "seeds": "deviation over seeds",
    "standard error": "standard error",
    "subsets": "deviation over subsets",
    "splits": "deviation over splits",
}
"""Kinds of `std` in words."""

ESTIMATOR_WIDTH = 70
"""Columns of an estimator's name; records have all of it."""


def summary(records: Sequence[Record]) -> str:
    """Returns the records of one evaluation as a readable table."""
    same_sizes = len({_sizes(record) for record in records}) == 1
    lines = [_heading(records[0], with_sizes=same_sizes), f"{'':>12}  {'value':<18}  {'real vs real':<12}  estimator"]
    lines += [_line(record) + ("" if same_sizes else f" ({_sizes(record)})") for record in records]
    notes = list(dict.fromkeys(note for record in records for note in record["notes"]))
    return "\n".join([*lines, *(f"Note: {note}." for note in notes), *_legend(records)])


def _heading(first: Record, *, with_sizes: bool) -> str:
    of = f"{first['dataset']} ({first['split']})"
    parts = [f"{_sizes(first)} samples of {of}" if with_sizes else f"Samples of {of}"]
    if first["step"] is not None:
        parts.append(f"step {first['step']}, {first['weights']} weights")
    parts += [f"features {first['features']}", _seeds(first["seeds"])]
    if (first["sampler"] or {}).get("batch_statistics"):
        parts.append(f"normalised in batches of {first['sampler']['batch_statistics']}")
    return ", ".join(parts)


def _sizes(record: Record) -> str:
    return f"{record['num_fake']:,} generated against {record['num_real']:,} real"


def _seeds(seeds: Sequence[int]) -> str:
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"


def _line(record: Record) -> str:
    floor = "-" if record["floor"] is None else f"{record['floor']:.5g}"
    estimator = textwrap.shorten(record["definition"].split(";")[0], ESTIMATOR_WIDTH, placeholder=" ...")
    return f"{record['metric']:>12}  {value_text(record):<18}  {floor:<12}  {estimator}"


def value_text(record: Mapping[str, Any]) -> str:
    """Returns the value of a record with its deviation, where that is known."""
    spread = "" if record.get("std") is None else f" +- {record['std']:.2g}"
    return f"{record['value']:.5g}{spread}"


def _legend(records: Sequence[Record]) -> list[str]:
    kinds = dict.fromkeys(record["std_kind"] for record in records if record["std_kind"])
    of = {kind: [record["metric"] for record in records if record["std_kind"] == kind] for kind in kinds}
    if not of:
        return []
    if len(of) == 1 and len(of[next(iter(of))]) == len(records):
        return [f"+- is the {STD_KINDS[next(iter(of))]}."]
    return ["+- is the " + "; the ".join(f"{STD_KINDS[kind]} ({', '.join(names)})" for kind, names in of.items()) + "."]
