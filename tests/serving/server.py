"""A server of `tf-infomax serve` in a process of its own, and bare requests to it."""

import contextlib
import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.programs import COMMAND_LINE, ROOT, environment


class Server(NamedTuple):
    """Where it listens, and its process."""

    rest: str
    grpc: str
    process: subprocess.Popen

    @property
    def port(self) -> int:
        return int(self.rest.rsplit(":", 1)[1])


@contextlib.contextmanager
def serving(model: Path, *options: str) -> Iterator[Server]:
    """Serves a model on free ports while the block runs."""
    code = f"from {COMMAND_LINE} import main; main()"
    command = [sys.executable, "-c", code, "serve", str(model), "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        facts = {}
        for line in process.stdout:
            facts.update([line.split(maxsplit=1)])
            if "gRPC" in facts:
                break
        yield Server(facts["REST"].split("/v1")[0].strip(), facts["gRPC"].strip(), process)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def ask(server: Server, method: str, path: str, content: Any = None) -> tuple[int, Any]:
    """Status and JSON of an answer; content that is not bytes is sent as JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection):
        body = content if content is None or isinstance(content, bytes) else json.dumps(content)
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def predict(server: Server, model: str, signature: str, **inputs: Any) -> tuple[int, Any]:
    """A Predict request in columns."""
    return ask(server, "POST", f"/v1/models/{model}:predict", {"signature_name": signature, "inputs": inputs})
