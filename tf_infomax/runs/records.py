"""Records of measurements: reading, replacing, and what makes two of them measurements of the same."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tf_infomax.errors import InputError
from tf_infomax.files import lock_beside, locked, write_json

Record = dict[str, Any]

RESULTS = ("value", "std", "std_kind", "values", "floor", "notes", "versions", "path")
"""Fields of a record that a repeated measurement may change. All others say what was measured and how."""


def read_records(path: Path) -> list[Record]:
    """Reads a file of records, empty if there is none.

    Raises:
        InputError: The file is damaged.
    """
    if not path.exists():
        return []
    try:
        records = json.loads(path.read_bytes())
        if all(isinstance(record["metric"], str) for record in records):
            return list(records)
        problem = "a metric without a name"
    except (ValueError, KeyError, TypeError) as error:
        problem = f"{type(error).__name__}: {error}"
    raise InputError(f"{path} is damaged and must be a list of records ({problem}); move it away to measure anew.")


def add_records(path: Path, records: Iterable[Record]) -> None:
    """Adds records to a file; a record replaces an earlier one of the same measurement.

    Raises:
        InputError: The file is damaged.
    """
    with locked(lock_beside(path)):  # Two measurements of one run may end together.
        merged = {identity(record): record for record in [*read_records(path), *records]}
        write_json(path, list(merged.values()))


def identity(record: Mapping[str, Any]) -> str:
    """Returns what a record measured and how, as text to compare."""
    return json.dumps({name: value for name, value in record.items() if name not in RESULTS}, sort_keys=True)
