"""ONNX, for ONNX Runtime and Triton."""

from pathlib import Path

from tf_infomax.files import write_bytes
from tf_infomax.serving.formats.graph import GeneratorGraph
from tf_infomax.serving.formats.runner import Runner

OPSET = 17
"""Version of the operators; runtimes since 2022 know it."""


def write(graph: GeneratorGraph, path: Path) -> None:
    """Writes a graph as one ONNX file."""
    import tf2onnx

    model, _ = tf2onnx.convert.from_function(graph.draw, input_signature=graph.draw.input_signature, opset=OPSET)
    write_bytes(path, model.SerializeToString())


def load(path: Path) -> Runner:
    """Loads an ONNX file with ONNX Runtime, on the CPU."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, dict(inputs))[0]
