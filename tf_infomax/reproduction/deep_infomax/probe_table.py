"""Tables whose cells are encoders: each row a preset, trained with each seed and probed."""

import dataclasses
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tf_infomax.images import write_png
from tf_infomax.plots import dot_panels
from tf_infomax.presets import PRESETS, Preset
from tf_infomax.reproduction.experiment import RESULTS_FILE, Experiment, Folders, finished_runs
from tf_infomax.runs.directory import RunDirectory
from tf_infomax.runs.options import MeasureName, ProbeOptions, RunOptions
from tf_infomax.runs.probing.probe import probe_run
from tf_infomax.runs.training import train

_LAYERS = {"conv": "conv", "fc": "fc", "output": "Y"}
_PANELS = {"conv": "last convolution", "fc": "last hidden layer", "output": "output Y"}
_CODES = {
    "ms_ssim": "MS-SSIM of reconstructed images",
    "mine": "information about the image, MINE (nats)",
    "ndm": "dependence between units, NDM (nats)",
}
ACCURACIES = {
    f"{measure}_{layer}": f"{measure.upper()} {text} %" for measure in ("svm", "mlp") for layer, text in _LAYERS.items()
}
COLUMNS = {**ACCURACIES, "ms_ssim": "MS-SSIM", "mine": "MINE (nats)", "ndm": "NDM (nats)"}
MEASURES: tuple[MeasureName, ...] = ("svm", "mlp", "msssim", "mine", "ndm", "neighbors")
ACCURACIES_FIGURE = "accuracies.png"
CODES_FIGURE = "codes.png"


def probe_table(
    name: str,
    presets: Mapping[str, Preset],
    probes: ProbeOptions,
    *,
    preset_names: Mapping[str, str],
    columns: Mapping[str, str] = COLUMNS,
    run_options: RunOptions | None = None,
    settings: Mapping[str, Any] | None = None,
    **parts: Any,
) -> Experiment:
    """Returns an experiment that trains and probes encoders; a cell has the value of each measure by its name.

    Args:
        name: Name of the experiment.
        presets: Presets by row.
        probes: Measures and their protocol; the seed is the run's.
        preset_names: Names of the presets in the runs' `config.json`, by row.
        columns: Headings by measure.
        run_options: Options of the runs.
        settings: Settings beside the presets' and the probes' that decide the numbers, as JSON.
        **parts: Other attributes of the experiment.
    """

    def measure(row: str, seed: int, folder: Path) -> Mapping[str, float]:
        train(presets[row].override({"seed": seed}), folder, name=preset_names[row], options=run_options)
        records = probe_run(RunDirectory(folder), dataclasses.replace(probes, seed=seed))
        return {record["metric"]: record["value"] for record in records}

    return Experiment(
        name=name,
        rows=tuple(presets),
        columns=columns,
        settings={
            **(settings or {}),
            "presets": {row: preset.settings for row, preset in presets.items()},
            "probes": dataclasses.asdict(probes),
        },
        measure=measure,
        **{"illustrate": draw_probes, **parts},
    )


def probes_on(
    num_images: int | None, measures: tuple[MeasureName, ...] = MEASURES, *, tested_on: int, **protocol: Any
) -> ProbeOptions:
    """Returns the protocol of probes.

    Args:
        num_images: Images to learn from; all if None.
        measures: What to measure.
        tested_on: Images to learn from for each one to test on, where not all are taken.
        **protocol: Other options of the probes.
    """
    return ProbeOptions(
        measures, num_train=num_images, num_test=None if num_images is None else num_images // tested_on, **protocol
    )


def published_measures(preset: str, columns: Mapping[str, str]) -> dict[str, float]:
    """Returns the published numbers of a preset that a table has columns for."""
    return {name: value for name, value in PRESETS[preset].published.items() if name in columns}


def draw_probes(output: Path, folders: Folders) -> None:
    """Plots the numbers of all cells, and copies each row's picture of neighbours from its first seed."""
    results = json.loads((output / RESULTS_FILE).read_text())
    values = {row: [cell["values"] for cell in results["cells"] if cell["row"] == row] for row in results["summary"]}

    def dots(columns: Mapping[str, str]) -> dict[str, dict[str, list[float]]]:
        """Returns series by title, with rows of values by row of the table."""
        return {
            title: {row: [value[column] for value in own] for row, own in values.items()}
            for column, title in columns.items()
            if all(column in value for own in values.values() for value in own)
        }

    accuracies = {
        text: dots({f"svm_{layer}": "linear SVM", f"mlp_{layer}": "MLP, 200 units"}) for layer, text in _PANELS.items()
    }
    codes = {title: series for column, title in _CODES.items() if (series := dots({column: title}))}
    write_png(output / ACCURACIES_FIGURE, dot_panels(accuracies, x_label="accuracy (%)"))
    if codes:
        write_png(output / CODES_FIGURE, dot_panels(codes))
    for row in values:
        pictures = [run.neighbours_path for run in finished_runs(folders[row])]
        if pictures:
            shutil.copyfile(pictures[0], output / f"neighbours-{row}.png")
