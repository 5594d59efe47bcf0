"""Many requests at once to a server, each answer compared with its seeds: python -m tests.serving_load DIR.

DIR is the folder of an exported generator of images. Eight threads send 10,000 requests to `tf-infomax serve DIR`, by
turns by REST and gRPC; each tenth one is malformed and must be refused, every other one must get the images of its own
seeds. With --rest URL --grpc HOST:PORT --model NAME the server is a TensorFlow Serving that runs already. --output
keeps the report.
"""

import argparse
import base64
import contextlib
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from tests.records import table, write_record
from tests.serving.server import serving
from tf_infomax.serving import saved_model_in

KNOWN_SEEDS = 256
MOST_SEEDS = 4
"""Images in one request."""
MALFORMED_EVERY = 10


class Address(NamedTuple):
    """A server."""

    rest: str
    grpc: str
    model: str
    process: int | None


class Result(NamedTuple):
    """What came of all requests.

    Attributes:
        counts: Numbers of requests by outcome: `drawn`, `refused`, and each fault by its name.
        seconds: Time from first to last.
        memory: MiB of the server after a tenth of the requests and at the end; None if it is not ours.
    """

    counts: Mapping[str, int]
    seconds: float
    memory: tuple[float, float] | None

    @property
    def faults(self) -> dict[str, int]:
        """Outcomes that must not be."""
        return {name: number for name, number in self.counts.items() if name not in ("drawn", "refused")}


class Outcome(NamedTuple):
    """An answer: PNG files, or the status with which the request was refused."""

    files: list[bytes] | None
    refused: str = ""


class Rest:
    """A connection for REST, kept open."""

    bad = ("400", "404")

    def __init__(self, address: Address) -> None:
        self._host = address.rest.split("//")[1]
        self._path = f"/v1/models/{address.model}:predict"
        self._connection = http.client.HTTPConnection(self._host, timeout=120)

    def draw(self, seeds: list[int]) -> Outcome:
        return self._post(self._path, {"signature_name": "seeds_png", "inputs": {"seeds": seeds}})

    def malformed(self, number: int) -> Outcome:
        bodies: list[Any] = [
            {"signature_name": "seeds_png", "inputs": {"seeds": []}},
            {"signature_name": "seeds_png", "inputs": {"seeds": [2**32 + number]}},
            {"signature_name": "seeds_png", "inputs": {"seeds": [1] * 5000}},
            {"signature_name": "seeds_png", "inputs": {"seeds": ["one"]}},
            {"signature_name": "nothing", "inputs": {"seeds": [1]}},
            {"signature_name": "generate_png", "inputs": {"num_images": 10**9, "seed": 1}},
            "no object",
        ]
        other = self._path.replace(":predict", "/versions/999999:predict")
        return self._post(other if number % 8 == 7 else self._path, bodies[number % len(bodies)])

    def close(self) -> None:
        self._connection.close()

    def _post(self, path: str, content: Any) -> Outcome:
        self._connection.request("POST", path, json.dumps(content))
        response = self._connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            return Outcome(None, str(response.status))
        outputs = answer["outputs"]
        files = outputs["png_bytes"] if isinstance(outputs, dict) else outputs
        return Outcome([base64.b64decode(file["b64"]) for file in files])


class Grpc:
    """A channel for gRPC."""

    bad = ("INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION")

    def __init__(self, address: Address) -> None:
        import grpc
        from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

        self._error, self._request, self._model = grpc.RpcError, predict_pb2.PredictRequest, address.model
        self._channel = grpc.insecure_channel(address.grpc, options=[("grpc.enable_http_proxy", 0)])
        self._stub = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)

    def draw(self, seeds: list[int]) -> Outcome:
        return self._predict("seeds_png", seeds=np.array(seeds, np.int64))

    def malformed(self, number: int) -> Outcome:
        requests: list[tuple[str, dict[str, Any]]] = [
            ("seeds_png", {"seeds": np.zeros(0, np.int64)}),
            ("seeds_png", {"seeds": np.array([2**32 + number])}),
            ("seeds_png", {"seeds": np.zeros(5000, np.int64)}),
            ("seeds_png", {"seeds": np.array([1.5], np.float32)}),
            ("nothing", {"seeds": np.array([1])}),
            ("generate_png", {"num_images": np.int32(10**9), "seed": np.int32(1)}),
            ("seeds_png", {}),
        ]
        signature, inputs = requests[number % len(requests)]
        return self._predict(signature, version=999999 if number % 8 == 7 else None, **inputs)

    def close(self) -> None:
        self._channel.close()

    def _predict(self, signature: str, version: int | None = None, **inputs: Any) -> Outcome:
        request = self._request()
        request.model_spec.name, request.model_spec.signature_name = self._model, signature
        if version is not None:
            request.model_spec.version.value = version
        for name, values in inputs.items():
            request.inputs[name].CopyFrom(tf.make_tensor_proto(values))
        try:
            return Outcome(list(self._stub.Predict(request, timeout=120).outputs["png_bytes"].string_val))
        except self._error as error:
            return Outcome(None, error.code().name)


def load(address: Address, expected: np.ndarray, *, requests: int, threads: int) -> Result:
    """Sends requests from several threads.

    Args:
        address: The server.
        expected: Images (K, H, W, C) uint8 of the seeds 0 to K - 1.
        requests: Number of requests.
        threads: Number of threads.
    """
    counts: Counter[str] = Counter()
    lock, memory, numbers = threading.Lock(), [], iter(range(requests))

    def work() -> None:
        with contextlib.closing(Rest(address)) as rest, contextlib.closing(Grpc(address)) as grpc:
            while (number := _next(numbers, lock)) is not None:
                outcome = _attempt((rest, grpc)[number % 2], number, expected)
                with lock:
                    counts[outcome] += 1
                    if address.process and sum(counts.values()) == max(requests // 10, 1):
                        memory.append(resident(address.process))

    started = time.perf_counter()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - started
    counts["lost"] += requests - sum(counts.values())
    return Result(+counts, seconds, (memory[0], resident(address.process)) if address.process else None)


def _next(numbers: Iterator[int], lock: threading.Lock) -> int | None:
    with lock:
        return next(numbers, None)


def _attempt(client: Rest | Grpc, number: int, expected: np.ndarray) -> str:
    """Sends one request and names what came of it."""
    try:
        # Not each tenth number: all of those are even, and go to the same protocol.
        if number // 2 % MALFORMED_EVERY == 0:
            outcome = client.malformed(number // 2 // MALFORMED_EVERY)
            return "refused" if outcome.refused in client.bad else f"malformed, but {outcome.refused or 'answered'}"
        seeds = np.random.default_rng(number).integers(0, len(expected), 1 + number % MOST_SEEDS).tolist()
        outcome = client.draw(seeds)
    except Exception as error:
        return f"failed with {type(error).__name__}"
    if outcome.files is None:
        return f"good, but refused with {outcome.refused}"
    return "drawn" if _are(outcome.files, expected[seeds]) else "of other seeds"


def _are(files: list[bytes], images: np.ndarray) -> bool:
    """Whether files hold images, but for a grey level of rounding: the sizes of batches differ."""
    if len(files) != len(images):
        return False
    drawn = np.stack([tf.io.decode_png(file).numpy() for file in files])
    return drawn.shape == images.shape and int(np.abs(drawn.astype(int) - images).max()) <= 1


def resident(process: int) -> float:
    """Memory of a process in MiB."""
    [line] = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def images_of_seeds(model: Path) -> np.ndarray:
    """Images of the first seeds, each drawn alone in this process; no two are alike."""
    seeds = tf.saved_model.load(str(saved_model_in(model))).signatures["seeds"]
    images = np.concatenate([seeds(seeds=tf.constant([i], tf.int64))["images"].numpy() for i in range(KNOWN_SEEDS)])
    assert len(np.unique(images.reshape(KNOWN_SEEDS, -1) // 4, axis=0)) == KNOWN_SEEDS, "some seeds look alike"
    return images


@contextlib.contextmanager
def _server(options: argparse.Namespace) -> Iterator[Address]:
    if options.rest:
        yield Address(options.rest.rstrip("/"), options.grpc, options.model, None)
        return
    with serving(options.folder, "--name", options.model) as server:
        yield Address(server.rest, server.grpc, options.model, server.process.pid)


def report(result: Result, *, requests: int, threads: int) -> str:
    """Returns the table with its caption."""
    caption = (
        f"{requests:,} requests from {threads} threads by REST and gRPC in turns, one in {MALFORMED_EVERY} malformed: "
        f"{requests / result.seconds:.0f} a second."
    )
    if result.memory:
        caption += " The server held {:.0f} MiB after a tenth of them and {:.0f} MiB at the end.".format(*result.memory)
    counts = {"drawn": 0, "refused": 0, "lost": 0, "of other seeds": 0, **result.counts}
    return f"{caption}\n\n{table(['Outcome', 'requests'], [[name, f'{counts[name]:,}'] for name in counts])}"


def main() -> None:
    """Runs the load and reports."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--output", type=Path, help="folder for table.md and results.json")
    parser.add_argument("--rest")
    parser.add_argument("--grpc")
    parser.add_argument("--model", default="infomax")
    options = parser.parse_args()
    expected = images_of_seeds(options.folder)
    with _server(options) as address:
        result = load(address, expected, requests=options.requests, threads=options.threads)
    text = report(result, requests=options.requests, threads=options.threads)
    print(text)
    if options.output:
        command = (
            f"python -m tests.serving_load DIR --requests {options.requests} --threads {options.threads} "
            f"--output {options.output}"
        )
        write_record(options.output, text, command=command, **result._asdict())
    raise SystemExit(1 if result.faults else 0)


if __name__ == "__main__":
    main()
