"""Results as text: a table in Markdown with its protocol, and the verdicts on claims."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tf_infomax.reproduction.claims import sentence, verdict
from tf_infomax.reproduction.experiment import Experiment


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


def report(results: Mapping[str, Any], experiment: Experiment) -> str:
    """Returns the table with its protocol, conclusions, duration and command."""
    paragraphs = [
        " ".join(filter(None, (experiment.title, results.get("floor"), _seeds_text(results)))),
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


def mean_and_deviation(statistics: Mapping[str, float]) -> str:
    """Returns `mean ± std` with three digits of the larger one, two below 0.1; none of more than a millionth."""
    mean, std = statistics["mean"], statistics["std"]
    largest = max(abs(mean), std)
    digits = 0 if largest >= 100 else 1 if largest >= 10 else 2 if largest >= 0.1 else 3
    if 0 < largest < 0.01:
        digits = min(6, 1 - math.floor(math.log10(largest)))
    return f"{mean:.{digits}f} ± {std:.{digits}f}"
