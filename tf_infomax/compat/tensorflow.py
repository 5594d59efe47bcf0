"""TensorFlow: devices of workers and files of SavedModels."""

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

# ---------------------------------------------------------------------------------------------------------------------
# TensorFlow: a worker of MultiWorkerMirroredStrategy has one CPU device at most
#
# It counts GPUs, not logical CPU devices; two workers with two devices each can then not be tried without GPUs.
#
# Remove when the strategy uses all logical CPU devices of a worker.
# ---------------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def cpu_devices_of_a_worker(number: int) -> Iterator[None]:
    """Gives a worker strategy that is made meanwhile this many CPU devices, if it has no others."""
    strategies: Any = importlib.import_module("tensorflow.python.distribute.collective_all_reduce_strategy")
    extended = strategies.CollectiveAllReduceExtended
    original = extended._initialize_local_devices

    def with_all(self: Any, cluster_resolver: Any, worker_device: str) -> tuple[tuple[str, ...], str]:
        devices, kind = original(self, cluster_resolver, worker_device)
        return (
            (tuple(f"{worker_device}/device:CPU:{i}" for i in range(number)), kind)
            if kind == "CPU"
            else (devices, kind)
        )

    extended._initialize_local_devices = with_all
    try:
        yield
    finally:
        extended._initialize_local_devices = original


# ---------------------------------------------------------------------------------------------------------------------
# TensorFlow: the file of a SavedModel has no public reader
#
# `tf.saved_model.load` builds functions, and `tf.compat.v1.saved_model.load` needs a session for what is a message.
#
# Remove when the message `SavedModel` is public.
# ---------------------------------------------------------------------------------------------------------------------


def signature_defs(saved_model: Any) -> dict[str, Any]:
    """Returns the `SignatureDef` messages of a SavedModel's folder by name."""
    saved_model_pb2 = importlib.import_module("tensorflow.core.protobuf.saved_model_pb2")
    message = saved_model_pb2.SavedModel.FromString((saved_model / "saved_model.pb").read_bytes())
    signatures = message.meta_graphs[0].signature_def
    return {name: signatures[name] for name in signatures if not name.startswith("__")}
