"""The configuration of a run in `config.json`, and the dataset that it names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tf_infomax import data
from tf_infomax.presets import Preset
from tf_infomax.presets.settings import as_json
from tf_infomax.runs.directory import EXTENSIONS
from tf_infomax.runs.identity import FILES, START
from tf_infomax.runs.machine import versions
from tf_infomax.runs.options import RunOptions
from tf_infomax.runs.trained_model import CLASS_NAMES

FOLDER = "folder"
"""Name of the dataset of a user's images."""


def run_config(
    name: str,
    preset: Preset,
    source: data.ImageSource,
    options: RunOptions,
    *,
    model_file: str,
    start: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Returns the content of `config.json`."""
    dataset: dict[str, Any] = {"name": source.name, "split": source.split, "size": source.num_images}
    if source.name == FOLDER:
        dataset["folder"] = str(Path(options.data_dir or "").resolve())
        dataset["skip_unreadable"] = options.skip_unreadable
        dataset[FILES] = source.files_digest
    shape = {"image_size": as_json(preset.data.loaded_size), "num_channels": preset.data.num_channels}
    # Evaluation reads the same files.
    places = {"data_dir": options.data_dir, "cache_dir": options.cache_dir}
    return {
        "preset": name,
        "model_file": model_file,
        "settings": preset.settings,
        "seeds": {"run": preset.seed},
        **_class_names(preset, source),
        **({START: dict(start)} if start else {}),
        **({EXTENSIONS: list(preset.extensions)} if preset.extensions else {}),
        "versions": versions(),
        "dataset": {**dataset, **shape},
        "places": {name: place and str(Path(place).resolve()) for name, place in places.items()},
    }


def _class_names(preset: Preset, source: data.ImageSource) -> dict[str, list[str]]:
    if preset.data.num_classes is None or source.class_names is None:
        return {}
    return {CLASS_NAMES: list(source.class_names)}


def training_source(preset: Preset, options: RunOptions) -> data.ImageSource:
    """Loads the dataset of a preset.

    Raises:
        InputError: The dataset, the split or the files are missing.
    """
    return data.load_source(
        preset.data.dataset,
        split=preset.data.split,
        image_size=preset.data.loaded_size,
        num_channels=preset.data.num_channels,
        data_dir=options.data_dir,
        cache_dir=options.cache_dir,
        skip_unreadable=options.skip_unreadable,
    )


def run_source(
    config: dict[str, Any], *, split: str | None = None, data_dir: str | None = None, cache_dir: str | None = None
) -> data.ImageSource:
    """Loads the dataset of a run, from the run's folders unless others are given.

    Args:
        config: Content of `config.json`.
        split: Split; the run's if None.
        data_dir: Folder of the data; the run's if None.
        cache_dir: Folder of resized copies; the run's if None.

    Raises:
        InputError: The split or the files are missing.
    """
    dataset = config["dataset"]
    chosen = {"split": split, "data_dir": data_dir, "cache_dir": cache_dir}
    found = {"split": dataset["split"], **config.get("places", {})}
    return data.load_source(
        dataset["name"],
        image_size=dataset["image_size"],
        num_channels=dataset["num_channels"],
        skip_unreadable=dataset.get("skip_unreadable", False),
        **{**found, **{name: value for name, value in chosen.items() if value is not None}},
    )
