"""The cells of an experiment: computed one by one, and stored."""

import json
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tf_infomax.errors import Diverged, InputError, check_choice, first_line
from tf_infomax.files import lock_beside, locked, write_bytes, write_json
from tf_infomax.reproduction.experiment import RESULTS_FILE, TABLE_FILE, Experiment
from tf_infomax.reproduction.table_text import report
from tf_infomax.runs.identity import differing, flat
from tf_infomax.runs.machine import machine, versions


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

    Processes with different seeds may share the folders; each adds its cells. Cells that diverge are named at the end,
    and the others are computed.

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
        Content of `results.json`: name, command, seeds, settings, machine and versions of the latest cell, seconds,
        cells, summary, published, and floor if there is one.

    Raises:
        InputError: The folder has results of other settings, there are no seeds or repeated ones, or the data do not
            fit.
        Diverged: Some cells diverged; all others are written.
    """
    missing = missing_cells(experiment, seeds=seeds, rows=rows, output=output)
    if missing:
        experiment.check(dict.fromkeys(row for row, _ in missing))
    floor = _floor(experiment, output)
    diverged = []
    for number, (row, seed) in enumerate(missing, start=1):
        if (row, seed) not in missing_cells(experiment, seeds=[seed], rows=[row], output=output):
            continue  # Another process has computed it in the meantime.
        on_cell(f"{number} of {len(missing)}: {row}, seed {seed}")
        try:
            cell = _measured_cell(experiment, row, seed, work_dir)
        except Diverged as error:
            diverged.append(f"{row}, seed {seed}: {error}")
            continue
        _write(experiment, [cell], output, command, floor)
    failure = Diverged(f"{len(diverged)} of {len(missing)} cells diverged: {'; '.join(diverged)}")
    if missing and len(diverged) == len(missing):
        raise failure
    results = _write(experiment, [], output, command, floor)
    _illustrate(experiment, results, output, work_dir)
    if diverged:
        raise failure
    return results


def _measured_cell(experiment: Experiment, row: str, seed: int, work_dir: Path) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        values = dict(experiment.measure(row, seed, _folder(work_dir, row, seed)))
    finally:
        keras.backend.clear_session()  # Each run leaves its graphs behind.
    provenance = {"machine": machine(), "versions": versions()}
    return {"row": row, "seed": seed, "values": values, "seconds": time.perf_counter() - start, **provenance}


def missing_cells(
    experiment: Experiment, *, seeds: Sequence[int] | None = None, rows: Sequence[str] | None = None, output: Path
) -> list[tuple[str, int]]:
    """Returns the rows and seeds of the cells that a folder of results lacks, by seed.

    Raises:
        InputError: The folder has results of other settings, there are no seeds or repeated ones, or an unknown row.
    """
    seeds = experiment.seeds if seeds is None else seeds
    if not seeds or len(set(seeds)) < len(seeds) or min(seeds) < 0:
        raise InputError(f"`seeds` must be distinct, at least one, and not negative. Received: {list(seeds)}")
    for row in rows or ():
        check_choice("rows", row, experiment.rows)
    computed = {(cell["row"], cell["seed"]) for cell in _earlier_cells(experiment, output)}
    wanted = [(row, seed) for seed in seeds for row in rows or experiment.rows]
    return [cell for cell in wanted if cell not in computed]


def redraw(experiment: Experiment, *, output: Path, work_dir: Path) -> None:
    """Writes the table and the figures again from `results.json`, with current headings and axes.

    Nothing is measured, and `results.json` is unchanged. Figures of missing runs are kept.

    Args:
        experiment: Experiment of the results.
        output: Folder of the results.
        work_dir: Folder of the runs behind them.

    Raises:
        InputError: The folder has no results, or those of other settings.
    """
    if not _earlier_cells(experiment, output):
        raise InputError(f"`output` must be a folder with results of {experiment.name}. Received: {output}")
    results = _earlier_results(output)
    write_bytes(output / TABLE_FILE, report(results, experiment).encode())
    _illustrate(experiment, results, output, work_dir)


def _illustrate(experiment: Experiment, results: Mapping[str, Any], output: Path, work_dir: Path) -> None:
    folders = {row: [_folder(work_dir, row, seed) for seed in results["seeds"]] for row in experiment.rows}
    experiment.illustrate(output, folders)


def _folder(work_dir: Path, row: str, seed: int) -> Path:
    return work_dir / f"{row}-seed-{seed}"


def _floor(experiment: Experiment, output: Path) -> str:
    """Returns what real data score against themselves, as stored or else computed; empty if there is no such thing."""
    if (output / RESULTS_FILE).exists() and "floor" in (earlier := _earlier_results(output)):
        return earlier["floor"]
    return experiment.floor()


def _earlier_cells(experiment: Experiment, output: Path) -> list[dict[str, Any]]:
    path = output / RESULTS_FILE
    if not path.exists():
        return []
    earlier = _earlier_results(output)
    if earlier["name"] != experiment.name:
        raise InputError(f"{path} holds results of {earlier['name']}, not of {experiment.name}; name another --output.")
    if differing(flat(earlier["settings"]), flat(json.loads(json.dumps(experiment.settings)))):
        raise InputError(f"{path} holds results of other settings; name another --output.")
    for cell in earlier["cells"]:
        if cell["row"] not in experiment.rows:
            raise InputError(f"{path} holds a row {cell['row']}, which there is none of; name another --output.")
    return earlier["cells"]


def _earlier_results(output: Path) -> dict[str, Any]:
    """Reads `results.json`; raises an InputError if it is not one of this library's."""
    path = output / RESULTS_FILE
    try:
        results = json.loads(path.read_text())
    except ValueError as error:
        raise InputError(f"{path} cannot be read; move it away: {first_line(error)}") from None
    if not (isinstance(results, dict) and results.keys() >= {"name", "settings", "cells"}):
        raise InputError(f"{path} must have name, settings and cells, as `reproduce` writes them; move it away.")
    return results


def _write(
    experiment: Experiment, new: list[dict[str, Any]], output: Path, command: Sequence[str], floor: str
) -> dict[str, Any]:
    """Adds cells to the stored ones; returns all results."""
    with locked(lock_beside(output / RESULTS_FILE)):
        computed = {(cell["row"], cell["seed"]) for cell in new}
        kept = [cell for cell in _earlier_cells(experiment, output) if (cell["row"], cell["seed"]) not in computed]
        cells = _ordered(experiment, [*kept, *new])
        results = _results(experiment, cells, command, new[-1] if new else _earlier_results(output))
        results |= {"floor": floor} if floor else {}
        write_json(output / RESULTS_FILE, results)
        write_bytes(output / TABLE_FILE, report(results, experiment).encode())
    return results


def _ordered(experiment: Experiment, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = list(experiment.rows)
    return sorted(cells, key=lambda cell: (cell["seed"], rows.index(cell["row"])))


def _results(
    experiment: Experiment, cells: list[dict[str, Any]], command: Sequence[str], latest: Mapping[str, Any]
) -> dict[str, Any]:
    """Returns the results; `latest` has the machine and the versions of the latest cell."""
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
        "machine": latest["machine"],
        "versions": latest["versions"],
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
