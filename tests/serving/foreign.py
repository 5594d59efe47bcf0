"""Requests to an export by programs without TensorFlow's Python: the C API and C++."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from tests.serving.exports import LATENT_DIM, loaded, signature_def

LIBRARIES = Path(tf.sysconfig.get_lib())
INVALID_ARGUMENT = 3
SERVE_CC = Path(__file__).parent / "serve.cc"


class Request(NamedTuple):
    """A request, and the phrase with which it is refused if it is a bad one."""

    signature: str
    output: str
    inputs: Mapping[str, np.ndarray]
    refused: str | None = None


class Answer(NamedTuple):
    """What came back: an output, or the code and the message of an error."""

    output: np.ndarray | list[bytes] | None
    code: int = 0
    message: str = ""


_LATENTS = np.random.default_rng(0).normal(size=[4, LATENT_DIM]).astype(np.float32)
_LABELS, _SEEDS = np.array([0, 1, 2, 0]), np.array([5, 7, 2**31 - 1])
REQUESTS = [
    Request("serving_default", "images", {"latents": _LATENTS, "labels": _LABELS}),
    Request("serving_default", "images", {"latents": _LATENTS * np.nan, "labels": _LABELS}, "finite"),
    Request("serving_default", "images", {"latents": _LATENTS[:0], "labels": _LABELS[:0]}, "1 to 1024 rows"),
    Request("serving_default", "images", {"latents": _LATENTS[:, :5], "labels": _LABELS}, "rows of 8 numbers"),
    Request("serving_default", "images", {"latents": _LATENTS, "labels": _LABELS[:1]}, "one for each"),
    Request("serving_default", "images", {"latents": _LATENTS, "labels": _LABELS + 1}, "from 0 to 2"),
    Request("generate", "images", {"num_images": np.int32(200_000), "seed": np.int32(0)}, "1 to 1024"),
    Request("generate", "images", {"num_images": np.int32(5), "seed": np.int32(3)}),
    Request("seeds", "images", {"seeds": _SEEDS + 1}, "from -2[*][*]31"),
    Request("seeds", "images", {"seeds": _SEEDS}),
    Request("seeds", "labels", {"seeds": _SEEDS}),
    Request("latents", "latents", {"seeds": _SEEDS}),
]
"""To the conditional generator, good ones and bad ones in turn."""


def in_python(saved_model: Path, request: Request) -> np.ndarray:
    """The output of a good request in Python."""
    inputs = {name: tf.constant(values) for name, values in request.inputs.items()}
    return loaded(saved_model)[request.signature](**inputs)[request.output].numpy()


def by_c_api(saved_model: Path, requests: list[Request]) -> list[Answer]:
    """Answers of one session of the C API, to requests whose outputs are numbers."""
    task = {
        "libraries": str(LIBRARIES),
        "saved_model": str(saved_model),
        "requests": [_c_request(signature_def(saved_model, request.signature), request) for request in requests],
    }
    client = Path(__file__).parent / "c_api_client.py"
    answers = json.loads(_run([sys.executable, str(client)], json.dumps(task)))
    return [_c_answer(saved_model, request, answer) for request, answer in zip(requests, answers, strict=True)]


def _c_request(signature, request: Request) -> dict:
    inputs = [
        [signature.inputs[name].name, signature.inputs[name].dtype, list(values.shape), values.tobytes().hex()]
        for name, values in request.inputs.items()
    ]
    return {"inputs": inputs, "outputs": [signature.outputs[request.output].name]}


def _c_answer(saved_model: Path, request: Request, answer: dict) -> Answer:
    if "code" in answer:
        return Answer(None, answer["code"], answer["message"])
    [(shape, content)] = answer["outputs"]
    return Answer(_array(_dtype(saved_model, request), shape, content))


def _dtype(saved_model: Path, request: Request) -> np.dtype:
    number = signature_def(saved_model, request.signature).outputs[request.output].dtype
    return np.dtype(tf.dtypes.as_dtype(number).as_numpy_dtype)


def _array(dtype: np.dtype, shape: list[int], content: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(content), dtype).reshape(shape)


def compile_serve(folder: Path, compiler: str) -> Path:
    """Compiles `serve.cc` against the libraries of TensorFlow's Python package."""
    program = folder / "serve"
    include = tf.sysconfig.get_include()
    libraries = [str(LIBRARIES / f"libtensorflow_{name}.so.2") for name in ("cc", "framework")]
    options = ["-O0", "-std=c++17", "-D_GLIBCXX_USE_CXX11_ABI=1", "-DEIGEN_MAX_ALIGN_BYTES=64", f"-I{include}"]
    link = ["-Wl,--no-as-needed", *libraries, f"-Wl,-rpath,{LIBRARIES}"]
    _run([compiler, *options, str(SERVE_CC), *link, "-o", str(program)])
    return program


def by_cpp(program: Path, saved_model: Path, requests: list[Request]) -> list[Answer]:
    """Answers of one session of the C++ loader."""
    lines = "".join(_line(request) for request in requests)
    answers = _run([str(program), str(saved_model)], lines).splitlines()
    return [_cpp_answer(saved_model, request, line) for request, line in zip(requests, answers, strict=True)]


def _line(request: Request) -> str:
    words: list[object] = [request.signature, request.output, len(request.inputs)]
    for name, values in request.inputs.items():
        dtype = {"float32": "float"}.get(values.dtype.name, values.dtype.name)
        words += [name, dtype, values.ndim, *values.shape, *(repr(number) for number in values.ravel().tolist())]
    return " ".join(map(str, words)) + "\n"


def _cpp_answer(saved_model: Path, request: Request, line: str) -> Answer:
    status, *words = line.split(" ")
    if status == "error":
        return Answer(None, int(words[0]), " ".join(words[1:]))
    axes = int(words[0])
    shape, contents = list(map(int, words[1 : 1 + axes])), words[1 + axes :]
    if _dtype(saved_model, request).hasobject:
        return Answer([bytes.fromhex(content) for content in contents])
    return Answer(_array(_dtype(saved_model, request), shape, contents[0]))


def _run(command: list[str], standard_input: str = "") -> str:
    result = subprocess.run(command, input=standard_input, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stdout
