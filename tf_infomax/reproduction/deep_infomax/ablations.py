"""What matters to DIM(L) on natural images: Deep InfoMax's Table 5, Figure 9 and the weight of the prior (A.5)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tf_infomax.images import write_png
from tf_infomax.plots import Curve, curve_panels
from tf_infomax.presets import Preset
from tf_infomax.reproduction.claims import Claim
from tf_infomax.reproduction.curves import summary_curve
from tf_infomax.reproduction.deep_infomax.natural_images import HEAD_UNITS, check_encoders, natural_encoder
from tf_infomax.reproduction.deep_infomax.probe_table import (
    COLUMNS,
    draw_probes,
    probe_table,
    probes_on,
    published_measures,
)
from tf_infomax.reproduction.experiment import RESULTS_FILE, Experiment, Folders
from tf_infomax.reproduction.table_data import TableData
from tf_infomax.runs.options import MeasureName

BASELINE = "dim-l-infonce"
TASKS = ("dim-coord", "dim-occlude", "dim-coord-occlude")
"""Coordinates to predict, and hidden parts. Source: Deep InfoMax, Table 5."""
PUBLISHED_BASELINE = {"mlp_output": 70.65, "mlp_fc": 73.33, "mlp_conv": 77.46}
"""The paper's Table 5 on the baseline; Table 1 has other numbers of it."""
ESTIMATORS = ("infonce", "jsd", "dv")
ALL = 63
NEGATIVES = (1, 4, 16, ALL)
"""Other images that each image is compared with, up to all of a batch of 64. Source: Deep InfoMax, Figure 9."""
PRIOR_WEIGHTS = (0.01, 1.0, 10.0)
"""Gamma, the weight of the prior, beside 0.1. Source: Deep InfoMax, Figure 10."""
MEASURES: tuple[MeasureName, ...] = ("svm", "mlp", "ndm", "neighbors")
NEGATIVES_FIGURE = "negatives.png"
PRIOR_FIGURE = "prior.png"
_COLUMNS = {name: text for name, text in COLUMNS.items() if name not in ("ms_ssim", "mine")}


def deep_infomax_ablations(
    *,
    steps: int = 10_000,
    estimator_steps: int = 2000,
    mlp_epochs: int = 30,
    num_images: int | None = None,
    narrow: bool = False,
    data: TableData | None = None,
) -> Experiment:
    """Returns the experiment.

    Args:
        steps: Training steps of each encoder.
        estimator_steps: Steps of the network behind NDM.
        mlp_epochs: Epochs of the small classifiers.
        num_images: Training images of the probes, which are tested on a fifth of that number; all if None.
        narrow: Whether the encoders are a few channels wide and for grey images, for a check.
        data: Labelled data; CIFAR-10 if None.
    """
    data = (data or TableData()).or_else("cifar10")
    presets, methods = _presets(data, steps, narrow)
    probes = probes_on(num_images, MEASURES, tested_on=5, mlp_epochs=mlp_epochs, estimator_steps=estimator_steps)
    return probe_table(
        "deep-infomax-ablations",
        presets,
        probes,
        columns=_COLUMNS,
        preset_names={row: f"{method}-cifar10" for row, method in methods.items()},
        run_options=data.encoder_options(),
        settings={"steps": steps, "data": data.settings},
        title=(
            f"{data.title}, the paper's encoder of 32 px, {steps:,} steps of 64 images each without labels; local "
            f"heads of {HEAD_UNITS} units. Rows differ from {BASELINE} in what they are named after: tasks, the "
            "estimator, the other images that each is compared with, or the weight of the prior, 0.1 elsewhere. "
            "Published: CIFAR-10, 1,000 epochs, local heads of 2,048 units, other epochs of the probes."
        ),
        published={
            BASELINE: PUBLISHED_BASELINE,
            **{row: published_measures(f"{row}-cifar10", _COLUMNS) for row in TASKS},
        },
        claims=CLAIMS,
        illustrate=_draw,
        check=lambda rows: check_encoders(data, probes, {row: presets[row] for row in rows}),
    )


def _presets(data: TableData, steps: int, narrow: bool) -> tuple[dict[str, Preset], dict[str, str]]:
    """Returns the presets and the names of their methods, by row."""
    changes: dict[str, tuple[str, dict[str, Any]]] = {row: (row, {}) for row in (BASELINE, *TASKS)}
    for estimator in ESTIMATORS:
        for number in NEGATIVES:
            own = {} if number == ALL else {"objectives.local_infomax.num_negatives": number}
            changes[negatives_row(estimator, number)] = (f"dim-l-{estimator}", own)
    for weight in PRIOR_WEIGHTS:
        changes[prior_row(weight)] = (BASELINE, {"objectives.prior_matching.weight": weight})
    presets = {
        row: natural_encoder(method, data, steps, narrow=narrow, changes=own) for row, (method, own) in changes.items()
    }
    return presets, {row: method for row, (method, _) in changes.items()}


def negatives_row(estimator: str, number: int) -> str:
    """Returns the name of a row with so many other images for each."""
    return f"dim-l-{estimator}" if number == ALL else f"{estimator}-{number}-negatives"


def prior_row(weight: float) -> str:
    """Returns the name of a row with a weight of the prior."""
    return f"prior-{weight:g}"


def _claim(text: str, source: str, column: str, better: str, worse: str) -> Claim:
    return Claim(text=text, source=f"Deep InfoMax, {source}", column=column, better="higher", pairs=[(better, worse)])


_FEWEST = min(NEGATIVES)
CLAIMS = (
    _claim("Predicting coordinates helps Y", "Table 5", "mlp_output", "dim-coord", BASELINE),
    _claim("Occlusion helps Y", "Table 5", "mlp_output", "dim-occlude", BASELINE),
    _claim("Both together help Y", "Table 5", "mlp_output", "dim-coord-occlude", BASELINE),
    *(
        _claim(
            f"{estimator} is worse with one other image than with {ALL}",
            "Figure 9",
            "mlp_output",
            negatives_row(estimator, ALL),
            negatives_row(estimator, _FEWEST),
        )
        for estimator in ("infonce", "dv")
    ),
    _claim(
        "With one other image JSD is better than InfoNCE",
        "Figure 9",
        "mlp_output",
        negatives_row("jsd", _FEWEST),
        negatives_row("infonce", _FEWEST),
    ),
    Claim(
        text="A larger weight of the prior makes the outputs less dependent",
        source="Deep InfoMax, Figure 10",
        column="ndm",
        better="lower",
        pairs=[(prior_row(max(PRIOR_WEIGHTS)), prior_row(min(PRIOR_WEIGHTS)))],
    ),
)


def _draw(output: Path, folders: Folders) -> None:
    """Draws every probe, the accuracies over the number of other images, and those over the weight of the prior."""
    draw_probes(output, folders)
    summary = json.loads((output / RESULTS_FILE).read_text())["summary"]
    accuracies = {"mlp_output": "MLP from Y (%)", "mlp_conv": "MLP from the last convolution (%)"}
    by_number = {
        estimator: {float(np.log2(number)): negatives_row(estimator, number) for number in NEGATIVES}
        for estimator in ESTIMATORS
    }
    panels = {
        text: _curves({line: _known(rows, summary) for line, rows in by_number.items()}, summary, column)
        for column, text in accuracies.items()
    }
    if any(panels.values()):
        write_png(output / NEGATIVES_FIGURE, curve_panels(panels, x_label="log2 of other images", columns=2))
    weights = {**{weight: prior_row(weight) for weight in PRIOR_WEIGHTS}, 0.1: BASELINE}
    by_weight = {float(np.log10(weight)): row for weight, row in sorted(weights.items())}
    texts = {**accuracies, "ndm": "NDM (nats)"}
    panels = {text: _curves({BASELINE: _known(by_weight, summary)}, summary, column) for column, text in texts.items()}
    if any(panels.values()):
        write_png(output / PRIOR_FIGURE, curve_panels(panels, x_label="log10 of the prior's weight", columns=3))


def _known(rows: Mapping[float, str], summary: Mapping[str, Any]) -> dict[float, str]:
    return {place: row for place, row in rows.items() if row in summary}


def _curves(lines: Mapping[str, Mapping[float, str]], summary: Mapping[str, Any], column: str) -> dict[str, Curve]:
    """Returns a curve for each line that has cells, with the deviation over seeds."""
    return {
        line: summary_curve(list(rows), [summary[row] for row in rows.values()], column)
        for line, rows in lines.items()
        if rows
    }
