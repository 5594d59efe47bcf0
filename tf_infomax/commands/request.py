"""Asks a server for images: tf-infomax request --rest http://127.0.0.1:8501 --num-images 16 --seed 1 --output grid.png.

The server is TensorFlow Serving or `tf-infomax serve`. The images are those of `GAN.generate` with the same seed, which
`tf-infomax sample` writes into a folder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tf_infomax.commands import program as _program
from tf_infomax.errors import InputError, check_positive, first_line

if TYPE_CHECKING:
    from tf_infomax.serving.local.client import Client


_LIMITS = {"num_images": 2**31, "label": 2**63, "version": 2**63, "timeout": 10**6}
"""Numbers that a message or a clock can hold."""


@dataclass(frozen=True)
class Arguments:
    """Command line."""

    output: Path
    """PNG file of a grid of the images."""
    rest: str | None = None
    """Address of REST, such as http://127.0.0.1:8501."""
    grpc: str | None = None
    """Address of gRPC, such as 127.0.0.1:8500."""
    model: str = "infomax"
    """Name of the model, which serve prints: that of its folder unless it was given another."""
    version: int | None = None
    """Version of the model; the server's choice if none."""
    num_images: int = 16
    """Number of images."""
    seed: int = 0
    """Seed of the images."""
    label: int | None = None
    """Class of all images of a conditional generator; drawn if none."""
    timeout: float = 30.0
    """Seconds to wait for an answer, or for more of it."""
    retries: int = 3
    """Attempts after the first, where there is no answer."""
    overwrite: bool = False
    """Replace an existing file."""


def run(arguments: Arguments) -> None:
    """Asks and writes."""
    import numpy as np
    import tensorflow as tf

    from tf_infomax.images import image_grid, write_png
    from tf_infomax.latents import check_seed

    _check(arguments)
    check_seed(arguments.seed)
    signature, label = "generate_png", {}
    if arguments.label is not None:
        signature, label = "generate_class_png", {"label": np.array(arguments.label, np.int64)}
    numbers = {"num_images": np.array(arguments.num_images, np.int32), "seed": np.array(arguments.seed, np.int32)}
    outputs = _client(arguments).predict(signature, {**numbers, **label})
    files = outputs.get("png_bytes", outputs.get("outputs"))
    if files is None or len(files) != arguments.num_images:
        raise InputError(f"expected {arguments.num_images} PNG files from {signature}. Received: {', '.join(outputs)}")
    try:
        images = np.stack([tf.io.decode_png(file).numpy() for file in files])
    except (tf.errors.OpError, TypeError, ValueError) as error:
        raise InputError(f"expected PNG files of one size from {signature}. Received: {first_line(error)}") from error
    write_png(arguments.output, image_grid(images))
    print(f"{arguments.num_images} images: {arguments.output}")


def _check(arguments: Arguments) -> None:
    if (arguments.rest is None) == (arguments.grpc is None):
        raise InputError("expected either --rest URL or --grpc HOST:PORT.")
    check_positive(num_images=arguments.num_images, timeout=arguments.timeout)
    for name, limit in _LIMITS.items():
        value = getattr(arguments, name)
        if value is not None and abs(value) >= limit:
            raise InputError(f"`{name}` must be below {limit:,}. Received: {value}")
    if arguments.output.suffix != ".png":
        raise InputError(f"`output` must end in .png. Received: {arguments.output}")
    if arguments.retries < 0:
        raise InputError(f"`retries` must not be negative. Received: {arguments.retries}")
    if not arguments.overwrite:
        _program.check_new(arguments.output)


def _client(arguments: Arguments) -> "Client":
    from tf_infomax.serving.local.client import GrpcClient, RestClient
    from tf_infomax.serving.local.server import check_messages

    options: dict[str, Any] = {
        "model": arguments.model,
        "version": arguments.version,
        "timeout": arguments.timeout,
        "retries": arguments.retries,
    }
    if arguments.rest is not None:
        return RestClient(arguments.rest, **options)
    check_messages()
    return GrpcClient(arguments.grpc or "", **options)


def main(argv: Sequence[str], *, program: str = "tf-infomax request") -> None:
    """Runs what a command line asks for."""
    _program.main(run, Arguments, argv, program=program, doc=__doc__)
