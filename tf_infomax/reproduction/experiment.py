"""Tables of measurements: rows (methods) by columns (metrics), over seeds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tf_infomax.reproduction.claims import Claim
from tf_infomax.runs.directory import RunDirectory

RESULTS_FILE = "results.json"
TABLE_FILE = "table.md"

Summary = Mapping[str, Mapping[str, Mapping[str, float]]]
"""`mean` and `std` over the seeds, by row and column."""
Folders = Mapping[str, Sequence[Path]]
"""Folders of each row's cells, in order of seeds."""


@dataclass(frozen=True)
class Experiment:
    """A table to measure, and the function of its cells.

    Attributes:
        name: Name of the experiment and of its folder in `results/`.
        title: One sentence over the table, with the protocol.
        rows: Names of the rows, such as methods.
        columns: Headings of the columns by value.
        settings: Settings as JSON; cells of earlier runs are kept if theirs are equal.
        measure: Computes one cell: maps row, seed and a folder to values by column.
        seeds: Seeds of the whole table.
        illustrate: Draws figures into the folder of results from the folders of all cells.
        published: Numbers to compare with, by row and column.
        conclude: Maps the summary to conclusions, for the text under the table.
        claims: What a paper says of the rows, for a verdict under the table.
        floor: Returns a sentence, after the title, on what real data score against themselves; it takes a while.
        check: Raises an InputError if the cells of these rows cannot be measured: before the first one, not after it.
    """

    name: str
    title: str
    rows: Sequence[str]
    columns: Mapping[str, str]
    settings: Mapping[str, Any]
    measure: Callable[[str, int, Path], Mapping[str, float]]
    seeds: Sequence[int] = (0, 1, 2)
    illustrate: Callable[[Path, Folders], None] = lambda output, folders: None
    published: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    conclude: Callable[[Summary], str] = lambda summary: ""
    claims: Sequence[Claim] = ()
    floor: Callable[[], str] = lambda: ""
    check: Callable[[Collection[str]], None] = lambda rows: None


def finished_runs(folders: Sequence[Path]) -> list[RunDirectory]:
    """Returns the runs that exist and are finished."""
    return [run for run in map(RunDirectory, folders) if run.is_finished]
