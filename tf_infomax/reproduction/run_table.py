"""Tables whose cells are runs: each row a preset, trained with each seed and measured."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tf_infomax.presets import Preset
from tf_infomax.reproduction.experiment import Experiment
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.evaluation import evaluate_run
from tf_infomax.runs.options import EvaluationOptions, GANRunOptions
from tf_infomax.runs.training import train

FLOOR = "floor_"
"""Before the name of a metric in a cell: what real samples reach."""


def run_table(
    name: str,
    presets: Mapping[str, Preset],
    *,
    run_options: GANRunOptions,
    evaluation: EvaluationOptions,
    settings: Mapping[str, Any],
    preset_names: Mapping[str, str] | None = None,
    **parts: Any,
) -> Experiment:
    """Returns an experiment that trains and measures presets.

    A cell has the value of each metric by its name, and by `floor_` and its name what real samples reach against
    others, where there are enough of them.

    Args:
        name: Name of the experiment.
        presets: Presets by row.
        run_options: Options of the runs.
        evaluation: Protocol of the measurement; its seed is the run's.
        settings: Settings beside the presets' that decide the numbers, as JSON.
        preset_names: Names of the presets in the runs' `config.json`, by row; the rows if None.
        **parts: Other attributes of the experiment.
    """
    names = preset_names or {row: row for row in presets}

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        train(presets[row].override({"seed": seed}), folder, name=names[row], options=run_options)
        records = evaluate_run(RunDirectory(folder), dataclasses.replace(evaluation, seeds=(seed,)))
        floors = {f"{FLOOR}{record['metric']}": record["floor"] for record in records if record["floor"] is not None}
        return {record["metric"]: record["value"] for record in records} | floors

    return Experiment(
        name=name,
        rows=tuple(presets),
        settings={**settings, "presets": {row: preset.settings for row, preset in presets.items()}},
        measure=measure,
        **parts,
    )
