"""Serves an export on this machine, to try it: tf-infomax serve DIR --port 8501.

REST and gRPC are those of TensorFlow Serving, and the address in a browser shows a page that draws. For production take
TensorFlow Serving itself: it loads the same folder, and is made for many clients, other machines and new versions.
"""

import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from tf_infomax.commands import program as _program


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    model: tyro.conf.Positional[Path]
    """Folder of a model, whose highest version is served, or of one version."""
    port: int = 8501
    """Port of REST and of the page; any free one if 0."""
    grpc_port: int | None = None
    """Port of gRPC; the one below that of REST if none."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    name: str | None = None
    """Name of the model in requests; that of its folder if none."""


def run(arguments: Arguments) -> None:
    """Serves until a signal comes."""
    from tf_infomax.serving.local.server import running_server

    grpc_port = max(arguments.port - 1, 0) if arguments.grpc_port is None else arguments.grpc_port
    stopped = threading.Event()
    with running_server(
        arguments.model, name=arguments.name, host=arguments.host, port=arguments.port, grpc_port=grpc_port
    ) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        model = server.model
        print(f"Serving {model.name}, version {model.version}, to try it; for production take TensorFlow Serving.")
        print(f"Page  {server.rest}/")
        print(f"REST  {server.rest}/v1/models/{model.name}")
        print(f"gRPC  {server.grpc}", flush=True)
        stopped.wait()
    print("Stopped.")


def main(argv: Sequence[str], *, program: str = "tf-infomax serve") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
