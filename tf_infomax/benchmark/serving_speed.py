"""Images per second, and waiting times, of an exported generator by the ways to call it."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.benchmark.options import ServingOptions
from tf_infomax.errors import InputError
from tf_infomax.serving import FORMATS, MAX_ROWS, export_in, format_in, read_report, saved_model_in
from tf_infomax.serving.archive import load_signatures, max_rows_of
from tf_infomax.types import Array

SERVING_MEASUREMENT = (
    "one client, one request after the other; saved_model: the signature `seeds` in this process; grpc: the same by "
    "`tf-infomax serve` over loopback; rest: `seeds_png`, whose files are base64; onnx: latents to images in this "
    "process by ONNX Runtime; ways and sizes take turns, so that noise hits all alike"
)

Request = Callable[[int], Any]
"""Draws a number of images."""


def time_serving(model: Path | str, options: ServingOptions | None = None) -> dict[str, Any]:
    """Times requests to an exported generator of images.

    Args:
        model: Folder of a model, or of one version.
        options: Options of timing.

    Returns:
        Ready for JSON: `measurement`, and for each way and batch size `images_per_second` and the 50th and 99th
        percentile of the time of a request, `p50_ms` and `p99_ms`.

    Raises:
        InputError: The folder holds no export of a generator of images, or `onnx` no export in that format.
    """
    options = options or ServingOptions()
    limit = max_rows_of(saved_model_in(model)) or MAX_ROWS
    if max(options.batch_sizes) > limit:
        raise InputError(
            f"`batch_sizes` must be at most {limit}, the limit of this export. Received: {max(options.batch_sizes)}"
        )
    with contextlib.ExitStack() as stack:
        ways = {"saved_model": _saved_model(model), **stack.enter_context(_served(model))}
        if options.onnx is not None:
            ways["onnx"] = _onnx(options.onnx, options)
        seconds = _rounds(ways, options)
    return {
        "measurement": SERVING_MEASUREMENT,
        "batch_sizes": list(options.batch_sizes),
        "ways": {
            way: {str(size): _summary(times[size], size) for size in options.batch_sizes}
            for way, times in seconds.items()
        },
    }


def _rounds(ways: Mapping[str, Request], options: ServingOptions) -> dict[str, dict[int, list[float]]]:
    """Returns the seconds of all requests by way and batch size, after a round that does not count."""
    for request in ways.values():
        for size in options.batch_sizes:
            request(size)
    seconds: dict[str, dict[int, list[float]]] = {way: {size: [] for size in options.batch_sizes} for way in ways}
    for _ in range(options.serving_rounds):
        for way, request in ways.items():
            for size in options.batch_sizes:
                seconds[way][size] += _requests(lambda: request(size), options.serving_round_seconds)  # noqa: B023
    return seconds


def _requests(request: Callable[[], object], seconds: float) -> list[float]:
    """Returns the time of each request, as many as fit into so many seconds."""
    times: list[float] = []
    while sum(times) < seconds:
        start = time.perf_counter()
        request()
        times.append(time.perf_counter() - start)
    return times


def _summary(seconds: list[float], size: int) -> dict[str, float]:
    p50, p99 = np.percentile(seconds, [50, 99]) * 1e3
    return {
        "images_per_second": size * len(seconds) / sum(seconds),
        "p50_ms": float(p50),
        "p99_ms": float(p99),
        "requests": len(seconds),
    }


def _saved_model(model: Path | str) -> Request:
    seeds = load_signatures(saved_model_in(model), required=["seeds", "seeds_png"])["seeds"]
    return lambda size: seeds(seeds=tf.range(size, dtype=tf.int64))["images"].numpy()


@contextlib.contextmanager
def _served(model: Path | str) -> Iterator[dict[str, Request]]:
    """Serves in another process, and yields a request by each protocol."""
    from tf_infomax.serving.local.client import GrpcClient, RestClient

    command = [sys.executable, "-m", "tf_infomax", "serve", str(model), "--name", "timed", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        facts = _addresses(process)
        rest = RestClient(facts["REST"].split("/v1")[0], model="timed")
        grpc = GrpcClient(facts["gRPC"], model="timed")
        yield {
            "grpc": lambda size: grpc.predict("seeds", {"seeds": _seeds(size)}),
            "rest": lambda size: rest.predict("seeds_png", {"seeds": _seeds(size)}),
        }
    finally:
        process.terminate()
        process.communicate()


def _addresses(process: subprocess.Popen) -> dict[str, str]:
    facts: dict[str, str] = {}
    for line in process.stdout or ():
        name, _, value = line.partition(" ")
        facts[name] = value.strip()
        if name == "gRPC":
            return facts
    raise InputError("`tf-infomax serve` ended before it served; its message says why.")


def _onnx(model: Path | str, options: ServingOptions) -> Request:
    folder = export_in(model)
    if format_in(folder) != "onnx":
        raise InputError(f"`onnx` must be an export with --format onnx. Received: {folder}")
    row = FORMATS["onnx"]
    run, largest = row.load(folder / row.file), max(options.batch_sizes)
    shapes: dict[str, list[int]] = read_report(folder)["inputs"]
    latents = np.random.default_rng(0).normal(size=[largest, shapes["latents"][0]]).astype(np.float32)
    inputs: dict[str, Array] = {"latents": latents}
    if "labels" in shapes:
        inputs["labels"] = np.zeros(largest, np.int64)
    return lambda size: run({name: values[:size] for name, values in inputs.items()})


def _seeds(size: int) -> Array:
    return np.arange(size, dtype=np.int64)


def table(result: Mapping[str, Any]) -> str:
    """Returns a result as a table in Markdown."""
    header = "| Way | Images in a request | Images per second | Median (ms) | 99th percentile (ms) |"
    lines = [header, "| --- | --- | --- | --- | --- |"]
    for way, sizes in result["ways"].items():
        for size, row in sizes.items():
            values = f"{row['images_per_second']:,.0f} | {row['p50_ms']:.1f} | {row['p99_ms']:.1f}"
            lines.append(f"| {way} | {size} | {values} |")
    return "\n".join(lines)
