"""The table of formats."""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tf_infomax.errors import InputError, check_choice
from tf_infomax.serving.formats import litert, onnx, openvino
from tf_infomax.serving.formats.graph import GeneratorGraph
from tf_infomax.serving.formats.runner import Runner


@dataclass(frozen=True)
class Format:
    """A format: how a graph is written in it, and how the file is run."""

    file: str
    """Name of the file in the folder of a version, that of Triton's model repositories."""
    modules: tuple[str, ...]
    """What the extra of the format's name installs."""
    write: Callable[[GeneratorGraph, Path], None]
    load: Callable[[Path], Runner]


FORMATS: Mapping[str, Format] = {
    "onnx": Format("model.onnx", ("tf2onnx", "onnxruntime"), onnx.write, onnx.load),
    "litert": Format("model.tflite", ("ai_edge_litert",), litert.write, litert.load),
    "openvino": Format("model.xml", ("openvino",), openvino.write, openvino.load),
}
"""Formats by name."""


def installed_format(name: str) -> Format:
    """Returns a format.

    Raises:
        InputError: There is none of this name, or its packages are not installed.
    """
    check_choice("format", name, FORMATS)
    row = FORMATS[name]
    missing = [module for module in row.modules if importlib.util.find_spec(module) is None]
    if missing:
        raise InputError(f"`format` {name} needs {' and '.join(missing)}: pip install 'tf-infomax[{name}]'.")
    return row
