"""A generator in the format of another runtime: written whole, and compared with what it came from."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.files import atomic_folder, read_json_object, write_json
from tf_infomax.serving.formats.graph import GeneratorGraph
from tf_infomax.serving.formats.runner import Runner
from tf_infomax.serving.formats.table import FORMATS, installed_format
from tf_infomax.serving.verification import Verification, largest_difference, samples_verification
from tf_infomax.serving.versions import Version, holds_saved_model, latest_version, new_version
from tf_infomax.types import Array

REPORT_FILE = "export.json"
"""Where an export says which format it has, which run it came from and how far it is from the generator."""
NUM_COMPARED = 64


def export_as(
    name: str,
    generator: keras.Model,
    directory: Path | str,
    *,
    version: Version = 1,
    origin: dict[str, Any] | None = None,
) -> Path:
    """Writes `directory/version` in another format, and compares what its runtime draws with the generator's samples.

    The inputs are `latents` (N, Z) float32 and, of a conditional generator, `labels` (N,) int64; the output is `images`
    (N, H, W, C) uint8, or `points` (N, D) float32. Nothing of it checks the inputs, as the signatures of a SavedModel
    do.

    Args:
        name: Name of the format: `"onnx"`, `"litert"` or `"openvino"`.
        generator: A trained generator, such as `GAN.sampling_generator`.
        directory: Folder of all versions of the model.
        version: Number of this version; `"next"` is the one after the highest.
        origin: JSON-ready facts kept beside the model, such as the run's path.

    Returns:
        The folder of the version.

    Raises:
        InputError: The format's packages are not installed, the version is below 1 or exists already, or the runtime
            draws images more than one grey level, or points more than 1e-4, from the generator's; nothing is left then.
        NotWritten: The disk is full, read-only or damaged; nothing of the version is left.
    """
    row = installed_format(name)
    with new_version(directory, version) as target, atomic_folder(target) as folder:
        graph = GeneratorGraph(generator)
        row.write(graph, folder / row.file)
        result = _compared(name, row.load(folder / row.file), graph, num_samples=NUM_COMPARED, seed=0)
        if not result.passed:
            raise InputError(f"`format` {name} does not draw what the generator does. Received: {result.text}")
        report = {
            "format": name,
            "inputs": {spec.name: spec.shape[1:].as_list() for spec in graph.draw.input_signature},
            "largest_difference": result.largest_difference,
            "num_compared": NUM_COMPARED,
        }
        write_json(folder / REPORT_FILE, {**(origin or {}), **report})
    return target


def read_report(folder: Path | str) -> dict[str, Any]:
    """Reads what an export of `export_as` says of itself.

    Raises:
        InputError: The folder holds none, or its file is not one that `export_as` writes.
    """
    path = Path(folder) / REPORT_FILE
    if not path.is_file():
        raise InputError(f"{folder} holds no export in one of the formats {', '.join(FORMATS)}.")
    report = read_json_object(path)
    if report.get("format") not in FORMATS or not isinstance(report.get("inputs"), dict):
        raise InputError(f"{path} must have `inputs`, and a `format` of {', '.join(FORMATS)}; export again.")
    return report


def format_in(folder: Path | str) -> str | None:
    """Returns the name of the format that the folder of a version holds; None if it is no export of `export_as`."""
    return read_report(folder)["format"] if (Path(folder) / REPORT_FILE).is_file() else None


def export_in(path: Path | str) -> Path:
    """Returns the folder of an export of any format: the path itself, or the highest version of a model's folder.

    Raises:
        InputError: The path is neither.
    """
    return Path(path) if format_in(path) or holds_saved_model(path) else latest_version(path)


def verify_format(folder: Path | str, generator: keras.Model, *, num_images: int = 64, seed: int = 0) -> Verification:
    """Runs an export by its own runtime and compares it with the generator it came from.

    Args:
        folder: Folder of one version.
        generator: The generator that was exported.
        num_images: Number of samples to compare.
        seed: Seed of their latents.

    Raises:
        InputError: The folder holds no export of `export_as`, the format's packages are not installed, or `num_images`
            is below 1.
    """
    name = read_report(folder)["format"]
    if num_images < 1:
        raise InputError(f"`num_images` must be at least 1. Received: {num_images}")
    row = installed_format(name)
    runner = row.load(Path(folder) / row.file)
    return _compared(name, runner, GeneratorGraph(generator), num_samples=num_images, seed=seed)


def _compared(name: str, run: Runner, graph: GeneratorGraph, *, num_samples: int, seed: int) -> Verification:
    inputs = _inputs(graph, num_samples, seed)
    expected = graph.draw(*inputs.values())[graph.output].numpy()
    difference = largest_difference(np.asarray(run(inputs)), expected)
    described = {name: f"{', '.join(inputs)} -> {graph.output}"}
    return samples_verification(described, difference, num_samples=num_samples, images=graph.output == "images")


def _inputs(graph: GeneratorGraph, num_samples: int, seed: int) -> dict[str, Array]:
    rng = np.random.default_rng(seed % 2**32)  # Seeds of samples may be negative.
    latents, *labels = graph.draw.input_signature
    inputs: dict[str, Array] = {"latents": rng.normal(size=[num_samples, latents.shape[1]]).astype(np.float32)}
    if labels:
        inputs["labels"] = rng.integers(0, graph.num_classes, num_samples)
    return inputs
