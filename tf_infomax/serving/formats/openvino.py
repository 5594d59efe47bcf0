"""OpenVINO, for processors of Intel."""

from pathlib import Path

from tf_infomax.serving.formats.graph import GeneratorGraph
from tf_infomax.serving.formats.runner import Runner

# On processors that have bfloat16 it would be the default, and images differ by eight grey levels.
PRECISION = {"INFERENCE_PRECISION_HINT": "f32"}
"""What a client sets, too."""


def write(graph: GeneratorGraph, path: Path) -> None:
    """Writes a graph as `NAME.xml` and, beside it, `NAME.bin` with the weights in float32."""
    import openvino

    model = openvino.convert_model(graph.draw.get_concrete_function())
    for node, spec in zip(model.inputs, graph.draw.input_signature, strict=True):
        node.tensor.set_names({spec.name})
    model.outputs[0].tensor.set_names({graph.output})
    openvino.save_model(model, str(path), compress_to_fp16=False)


def load(path: Path) -> Runner:
    """Loads a model on the CPU."""
    import openvino

    run = openvino.Core().compile_model(str(path), "CPU", PRECISION)
    return lambda inputs: run(dict(inputs))[0]
