"""The server of one machine: REST with a page, and gRPC."""

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tf_infomax.errors import InputError
from tf_infomax.serving.local.model import ServedModel
from tf_infomax.serving.local.rest import RestServer


class Running(NamedTuple):
    """A server that runs.

    Attributes:
        model: What it serves.
        rest: Address of REST and of the page.
        grpc: Address of gRPC.
    """

    model: ServedModel
    rest: str
    grpc: str


def check_messages() -> None:
    """Raises an InputError unless TensorFlow Serving's messages are installed."""
    if not importlib.util.find_spec("tensorflow_serving") or not importlib.util.find_spec("grpc"):
        raise InputError("gRPC needs tensorflow-serving-api; install it with: pip install 'tf-infomax[serving]'")


@contextmanager
def running_server(
    path: Path | str, *, name: str | None = None, host: str = "127.0.0.1", port: int = 0, grpc_port: int = 0
) -> Iterator[Running]:
    """Serves the highest version of a model while the block runs.

    Args:
        path: Folder of the model, or of one version.
        name: Name of the model; that of its folder if None.
        host: Address to listen on.
        port: Port of REST; any free one if 0.
        grpc_port: Port of gRPC; any free one if 0.

    Raises:
        InputError: There is no model, a port is taken, or TensorFlow Serving's messages are not installed.
    """
    check_messages()
    from tf_infomax.serving.local.grpc_server import start_grpc_server

    model = ServedModel(path, name=name)
    with RestServer(model, host=host, port=port) as rest:
        grpc_server, bound = start_grpc_server(model, host=host, port=grpc_port)
        threading.Thread(target=rest.serve_forever, daemon=True).start()
        try:
            yield Running(model, f"http://{host}:{rest.server_port}", f"{host}:{bound}")
        finally:
            rest.shutdown()
            grpc_server.stop(grace=1).wait()
