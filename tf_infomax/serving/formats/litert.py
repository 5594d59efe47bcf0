"""LiteRT, once TensorFlow Lite, for phones and small devices."""

import tempfile
from pathlib import Path

import tensorflow as tf

from tf_infomax.files import write_bytes
from tf_infomax.serving.formats.graph import GeneratorGraph
from tf_infomax.serving.formats.runner import Runner


def write(graph: GeneratorGraph, path: Path) -> None:
    """Writes a graph as one LiteRT file, in float32, with the signature `serving_default`."""
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(graph, folder, signatures=graph.draw.get_concrete_function())
        write_bytes(path, tf.lite.TFLiteConverter.from_saved_model(folder).convert())


def load(path: Path) -> Runner:
    """Loads a LiteRT file."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    run = interpreter.get_signature_runner("serving_default")
    return lambda inputs: next(iter(run(**inputs).values()))
