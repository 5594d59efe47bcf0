"""The index of results: what the papers claim, and what was found here."""

import json
from pathlib import Path
from typing import Any

from tf_infomax.files import write_bytes
from tf_infomax.reproduction.experiment import RESULTS_FILE, TABLE_FILE, Experiment
from tf_infomax.reproduction.experiments import EXPERIMENTS, make_experiment, takes_steps
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.reproduction.table_text import verdicts

INDEX_FILE = "README.md"
_HEAD = """\
# Results

What the papers claim, and what was found here, experiment by experiment. `tf-infomax reproduce NAME` computes the cells
that a table lacks and writes this page anew. A claim is **held** where the difference is significant at 0.05 by
Student's paired t-test, two-sided, over the seeds, where the mean over several settings counts once for each seed;
**not held** where the contrary is; otherwise **undecided**. A claim about each of several rows, with its smallest
advantage, is held where it is for each, and not held where it is not for one. Three seeds show large differences alone.
The tests are not corrected for their number: of twenty claims without an effect one is expected to be significant.
"""


def index(results: Path) -> str:
    """Returns the index of a folder of results, in Markdown."""
    tables = {path.parent.name: json.loads(path.read_text()) for path in sorted(results.glob(f"*/{RESULTS_FILE}"))}
    sections = [_HEAD]
    for name in EXPERIMENTS:
        folders = [
            folder for folder, content in tables.items() if content.get("name") == name and not _is_quick(content)
        ]
        sections += [_section(name, folder, tables[folder]) for folder in folders]
        sections += [] if folders else [f"## {name}\n\nNot measured yet.\n"]
    return "\n".join(sections)


def _is_quick(results: dict[str, Any]) -> bool:
    return "--quick" in results["command"].split()


def write_index(results: Path) -> None:
    """Writes the index of a folder of results into it."""
    write_bytes(results / INDEX_FILE, index(results).encode())


def experiment_of(name: str, results: dict[str, Any]) -> Experiment:
    """Returns the experiment of a name, on the data of a `results.json`, with the length of its runs."""
    data = results["settings"].get("data") if EXPERIMENTS[name].takes_data else None
    chosen = TableData(data["dataset"], data_name=data["name"], features=data["features"]) if data else None
    return make_experiment(name, data=chosen, steps=results["settings"].get("steps") if takes_steps(name) else None)


def _section(name: str, folder: str, results: dict[str, Any]) -> str:
    lines = [f"## [{folder}]({folder}/{TABLE_FILE})", ""]
    lines += [f"{_extent(results)}", ""]
    lines.append(verdicts(experiment_of(name, results), results["cells"]))
    return "\n".join(lines).rstrip() + "\n"


def _extent(results: dict[str, Any]) -> str:
    """Returns how much was computed, by which command."""
    hours, cells = results["seconds"] / 3600, len(results["cells"])
    return f"{cells} cells, {hours:.1f} hours: `{results['command']}`"
