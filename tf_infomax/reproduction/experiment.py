"""Tables of measurements: rows (methods) by columns (metrics), over seeds, computed and stored cell by cell."""

import json
import shlex
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tf_infomax.errors import InputError, check_choice
from tf_infomax.files import lock_beside, locked, write_bytes, write_json
from tf_infomax.reproduction.claims import Claim, sentence, verdict
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.identity import differing, flat
from tf_infomax.runs.machine import machine, versions

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


def reproduce(
    experiment: Experiment,
    *,
    seeds: Sequence[int] | None = None,
    rows: Sequence[str] | None = None,
    output: Path,
    work_dir: Path,
    command: Sequence[str],
    on_cell: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Computes the cells that are missing and writes `results.json` and `table.md` after each.

    Processes with different seeds may share the folders; each adds its cells.

    Args:
        experiment: Experiment to measure.
        seeds: Seeds of the cells; all of the experiment's if None.
        rows: Rows of the cells; all of the experiment's if None.
        output: Folder of the results; cells in its `results.json` are kept.
        work_dir: Folder of the runs behind the cells; interrupted runs continue.
        command: The command line without its rows and seeds, for the record; the table's are added if not the
            experiment's.
        on_cell: Called with each cell before it is computed.

    Returns:
        Content of `results.json`: name, command, seeds, settings, machine, versions, seconds, cells, summary,
        published.

    Raises:
        InputError: The folder has results of other settings, or there are no seeds or repeated ones.
    """
    missing = missing_cells(experiment, seeds=seeds, rows=rows, output=output)
    for number, (row, seed) in enumerate(missing, start=1):
        if (row, seed) not in missing_cells(experiment, seeds=[seed], rows=[row], output=output):
            continue  # Another process has computed it in the meantime.
        on_cell(f"{number} of {len(missing)}: {row}, seed {seed}")
        start = time.perf_counter()
        values = dict(experiment.measure(row, seed, _folder(work_dir, row, seed)))
        seconds = time.perf_counter() - start
        keras.backend.clear_session()  # Each run leaves its graphs behind.
        _write(experiment, [{"row": row, "seed": seed, "values": values, "seconds": seconds}], output, command)
    results = _write(experiment, [], output, command)
    _illustrate(experiment, results, output, work_dir)
    return results


def missing_cells(
    experiment: Experiment, *, seeds: Sequence[int] | None = None, rows: Sequence[str] | None = None, output: Path
) -> list[tuple[str, int]]:
    """Returns the rows and seeds of the cells that a folder of results lacks, by seed.

    Raises:
        InputError: The folder has results of other settings, there are no seeds or repeated ones, or an unknown row.
    """
    seeds = experiment.seeds if seeds is None else seeds
    if not seeds or len(set(seeds)) < len(seeds):
        raise InputError(f"`seeds` must be distinct, at least one. Received: {list(seeds)}")
    for row in rows or ():
        check_choice("rows", row, experiment.rows)
    computed = {(cell["row"], cell["seed"]) for cell in _earlier_cells(experiment, output)}
    wanted = [(row, seed) for seed in seeds for row in rows or experiment.rows]
    return [cell for cell in wanted if cell not in computed]


def redraw(experiment: Experiment, *, output: Path, work_dir: Path) -> None:
    """Writes the table and the figures again from `results.json`, with current headings and axes.

    Nothing is computed, and `results.json` is unchanged. Figures of missing runs are kept.

    Args:
        experiment: Experiment of the results.
        output: Folder of the results.
        work_dir: Folder of the runs behind them.

    Raises:
        InputError: The folder has no results, or those of other settings.
    """
    if not _earlier_cells(experiment, output):
        raise InputError(f"`output` must be a folder with results of {experiment.name}. Received: {output}")
    results = json.loads((output / RESULTS_FILE).read_text())
    write_bytes(output / TABLE_FILE, _report(results, experiment).encode())
    _illustrate(experiment, results, output, work_dir)


def _illustrate(experiment: Experiment, results: Mapping[str, Any], output: Path, work_dir: Path) -> None:
    folders = {row: [_folder(work_dir, row, seed) for seed in results["seeds"]] for row in experiment.rows}
    experiment.illustrate(output, folders)


def _folder(work_dir: Path, row: str, seed: int) -> Path:
    return work_dir / f"{row}-seed-{seed}"


def finished_runs(folders: Sequence[Path]) -> list[RunDirectory]:
    """Returns the runs that exist and are finished."""
    return [run for run in map(RunDirectory, folders) if run.is_finished]


def table(results: Mapping[str, Any], experiment: Experiment) -> str:
    """Returns results as Markdown: mean and, of a row with several seeds, population deviation; published numbers.

    A metric newer than a row's cells shows as a dash.
    """
    published, num_cells = results["published"], Counter(cell["row"] for cell in results["cells"])
    headings = ["", *experiment.columns.values()]
    compared = [name for name in experiment.columns if any(name in own for own in published.values())]
    headings += [f"{experiment.columns[name]}, published" for name in compared]
    lines = [headings, ["---"] * len(headings)]
    for row, columns in results["summary"].items():
        texts = (mean_and_deviation(columns[name]) if name in columns else "-" for name in experiment.columns)
        cells = [row, *(text if num_cells[row] > 1 else text.partition(" ")[0] for text in texts)]
        cells += [f"{published.get(row, {}).get(name, '-')}" for name in compared]
        lines.append(cells)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _report(results: Mapping[str, Any], experiment: Experiment) -> str:
    """Returns the table with its protocol, conclusions, duration and command."""
    paragraphs = [
        " ".join(filter(None, (experiment.title, experiment.floor(), _seeds_text(results)))),
        table(results, experiment).rstrip(),
        experiment.conclude(results["summary"]),
        verdicts(experiment, results["cells"]),
    ]
    cores = results["machine"]["cores"]
    # An interrupted cell records only its last part.
    took = f"At least {results['seconds'] / 60:.0f} minutes of computation, {cores} core{'s' if cores > 1 else ''}."
    paragraphs += [f"{took} Command: `{results['command']}`"]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def verdicts(experiment: Experiment, cells: Sequence[Mapping[str, Any]]) -> str:
    """Returns the claims about a table with their verdicts, as a list in Markdown."""
    return "\n".join(sentence(claim, verdict(claim, cells)) for claim in experiment.claims)


def _seeds_text(results: Mapping[str, Any]) -> str:
    seeds = results["seeds"]
    if len(seeds) == 1:
        return f"Seed {seeds[0]} alone."
    own = {row: [cell["seed"] for cell in results["cells"] if cell["row"] == row] for row in results["summary"]}
    fewer = [f"{row}, seed{'s' if len(some) > 1 else ''} {_listed(some)}" for row, some in own.items() if some != seeds]
    but = f" Fewer: {'; '.join(fewer)}." if fewer else ""
    return f"Mean ± population standard deviation over the seeds {_listed(seeds)}.{but}"


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _earlier_cells(experiment: Experiment, output: Path) -> list[dict[str, Any]]:
    path = output / RESULTS_FILE
    if not path.exists():
        return []
    earlier = json.loads(path.read_text())
    if differing(flat(earlier["settings"]), flat(json.loads(json.dumps(experiment.settings)))):
        raise InputError(f"{path} holds results of other settings; name another --output.")
    return earlier["cells"]


def _write(experiment: Experiment, new: list[dict[str, Any]], output: Path, command: Sequence[str]) -> dict[str, Any]:
    """Adds cells to the stored ones; returns all results."""
    with locked(lock_beside(output / RESULTS_FILE)):
        computed = {(cell["row"], cell["seed"]) for cell in new}
        kept = [cell for cell in _earlier_cells(experiment, output) if (cell["row"], cell["seed"]) not in computed]
        cells = _ordered(experiment, [*kept, *new])
        results = _results(experiment, cells, command)
        write_json(output / RESULTS_FILE, results)
        write_bytes(output / TABLE_FILE, _report(results, experiment).encode())
    return results


def _ordered(experiment: Experiment, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = list(experiment.rows)
    return sorted(cells, key=lambda cell: (cell["seed"], rows.index(cell["row"])))


def _results(experiment: Experiment, cells: list[dict[str, Any]], command: Sequence[str]) -> dict[str, Any]:
    seeds, measured = sorted({cell["seed"] for cell in cells}), {cell["row"] for cell in cells}
    if measured < set(experiment.rows):
        command = [*command, "--rows", *(row for row in experiment.rows if row in measured)]
    if seeds != list(experiment.seeds):
        command = [*command, "--seeds", *map(str, seeds)]
    return {
        "name": experiment.name,
        "command": shlex.join(command),
        "seeds": seeds,
        "settings": dict(experiment.settings),
        "machine": machine(),
        "versions": versions(),
        "seconds": sum(cell["seconds"] for cell in cells),
        "cells": cells,
        "summary": _summary(experiment, cells),
        "published": {row: dict(columns) for row, columns in experiment.published.items()},
    }


def _summary(experiment: Experiment, cells: list[dict[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    summary = {}
    for row in experiment.rows:
        values = [cell["values"] for cell in cells if cell["row"] == row]
        if values:
            names = [name for name in values[0] if all(name in value for value in values)]
            columns = {name: [value[name] for value in values] for name in names}
            summary[row] = {
                name: {"mean": float(np.mean(numbers)), "std": float(np.std(numbers))}
                for name, numbers in columns.items()
            }
    return summary


def mean_and_deviation(statistics: Mapping[str, float]) -> str:
    """Returns `mean ± std` with a sensible number of digits."""
    mean, std = statistics["mean"], statistics["std"]
    digits = 0 if abs(mean) >= 100 else 1 if abs(mean) >= 10 else 2 if abs(mean) >= 0.1 else 3
    return f"{mean:.{digits}f} ± {std:.{digits}f}"
