"""Workarounds for other libraries, all in this one file.

Each section says what fails, what is done instead, and the condition for removing it; `tests/test_compat.py` shows that
each works and, where it can, that it is still needed. Nothing here runs on import: importing this package loads neither
TF-GAN nor TensorFlow Hub.
"""

import contextlib
import functools
import importlib
import importlib.machinery
import importlib.util
import io
import os
import re
import sys
import types
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.version import parse as parse_version

# ---------------------------------------------------------------------------------------------------------------------
# Shared by the sections
# ---------------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _stand_in_modules(modules: Mapping[str, types.ModuleType], *, root: str) -> Iterator[None]:
    """Puts `modules` into `sys.modules` for the block, then restores its earlier entries under `root`."""

    def below_root() -> dict[str, types.ModuleType]:
        return {name: module for name, module in sys.modules.items() if name == root or name.startswith(root + ".")}

    before = below_root()
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in below_root():
            del sys.modules[name]
        sys.modules.update(before)


# ---------------------------------------------------------------------------------------------------------------------
# TF-GAN: `import tensorflow_gan` raises
#
# Its packages import everything they hold, TF-GAN's Estimators too, and TensorFlow has had no `tf.estimator` since
# 2.16. The file with the metrics needs TensorFlow and TensorFlow Probability alone, so it is imported by itself below
# parent packages that are never executed. The parents leave `sys.modules` again: a later `import tensorflow_gan`
# behaves as if this file did not exist. TensorFlow Probability loads its parts at first use and then warns about
# `distutils`: both happen here, once.
#
# Remove when `import tensorflow_gan` works on every supported TensorFlow.
# ---------------------------------------------------------------------------------------------------------------------


def _unexecuted_packages(*names: str) -> dict[str, types.ModuleType]:
    """Returns modules for a package and its sub-packages, outermost first, found on disk without running their code."""
    packages: dict[str, types.ModuleType] = {}
    path = None
    for name in names:
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}: install tensorflow-gan", name=name)
        packages[name] = importlib.util.module_from_spec(spec)
        path = list(packages[name].__path__)
    return packages


@functools.cache
def tfgan_eval() -> types.ModuleType:
    """Imports TF-GAN's classifier metrics at the first call.

    Returns:
        The module `tensorflow_gan.python.eval.classifier_metrics`: Frechet distance, kernel distance and classifier
        score from activations and logits. `sys.modules` is left without `tensorflow_gan`, unless the caller had
        imported it before.

    Raises:
        ModuleNotFoundError: TF-GAN or TensorFlow Probability is not installed.
    """
    name = "tensorflow_gan.python.eval.classifier_metrics"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if "tensorflow_gan" in sys.modules:
            return importlib.import_module(name)
        parents = _unexecuted_packages("tensorflow_gan", "tensorflow_gan.python", "tensorflow_gan.python.eval")
        with _stand_in_modules(parents, root="tensorflow_gan"):
            module = importlib.import_module(name)
        module.tfp.stats  # noqa: B018  Loads TensorFlow Probability's lazy part while its warning is ignored.
    return module


# ---------------------------------------------------------------------------------------------------------------------
# TensorFlow Hub: `import tensorflow_hub` needs `pkg_resources`
#
# It compares TensorFlow's version with `pkg_resources.parse_version`; setuptools 82 no longer has `pkg_resources`,
# older ones warn about it. `packaging`, which TensorFlow requires, has the same function.
#
# Remove when the oldest supported tensorflow-hub imports without `pkg_resources` (0.16.1 does not).
# ---------------------------------------------------------------------------------------------------------------------


@functools.cache
def tensorflow_hub() -> types.ModuleType:
    """Imports TensorFlow Hub at the first call, with or without `pkg_resources`."""
    stand_in: Any = types.ModuleType("pkg_resources")
    stand_in.parse_version = parse_version
    with _stand_in_modules({"pkg_resources": stand_in}, root="pkg_resources"):
        return importlib.import_module("tensorflow_hub")


# ---------------------------------------------------------------------------------------------------------------------
# TensorFlow: notes on standard error that TF_CPP_MIN_LOG_LEVEL does not silence
#
# TensorFlow 2.21 writes them while it is loaded, before it reads the variable; 2.18 does not. Where the variable asks
# for silence, standard error is closed during the import; Python's own errors are raised as ever.
#
# Remove when `TF_CPP_MIN_LOG_LEVEL=3 python -c "import tensorflow"` prints nothing on every supported TensorFlow.
# ---------------------------------------------------------------------------------------------------------------------


def import_tensorflow() -> None:
    """Imports TensorFlow, without its notes if `TF_CPP_MIN_LOG_LEVEL` is above 1."""
    quiet = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "0") in ("2", "3")
    with _no_standard_error() if quiet else contextlib.nullcontext():
        importlib.import_module("tensorflow").keras  # noqa: B018 - TensorFlow loads Keras at first use


@contextlib.contextmanager
def _no_standard_error() -> Iterator[None]:
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


# ---------------------------------------------------------------------------------------------------------------------
# Keras: `Model.layers` stops at the first level
#
# Its walk through all levels is private.
#
# Remove when Keras makes it public.
# ---------------------------------------------------------------------------------------------------------------------


def sublayers(layer: Any) -> list[Any]:
    """Returns all Keras layers below a layer or model, at any depth."""
    return list(layer._flatten_layers(recursive=True, include_self=False))


# ---------------------------------------------------------------------------------------------------------------------
# Keras: `save_weights` takes paths alone
#
# HDF5 writes to a path itself, and prints pages of tracebacks or crashes the process where a disk is full. In memory it
# cannot fail. Keras' store takes a file in memory; it and the function that fills it are private.
#
# Remove when `save_weights` takes a file object.
# ---------------------------------------------------------------------------------------------------------------------


def weights_in_memory(model: Any) -> memoryview:
    """Returns what a model's `save_weights` would write: the bytes of an HDF5 file."""
    saving_lib = importlib.import_module("keras.src.saving.saving_lib")
    memory = io.BytesIO()
    store = saving_lib.H5IOStore(memory, mode="w")
    saving_lib._save_state(model, weights_store=store, assets_store=None, inner_path="", visited_saveables=set())
    store.close()
    return memory.getbuffer()


# ---------------------------------------------------------------------------------------------------------------------
# tyro: `compact_help` gives every option one line and leaves its description out
#
# A line is enough for the first clause of it. The full text is behind `--help-verbose`.
#
# Remove when tyro's compact help shows descriptions (1.0.17 does not).
# ---------------------------------------------------------------------------------------------------------------------


@functools.cache
def describe_options_in_compact_help() -> None:
    """Makes tyro's compact help show the first clause of each option's description."""
    arguments: Any = importlib.import_module("tyro._arguments")
    text = importlib.import_module("tyro._fmtlib").text
    original = arguments.generate_argument_helptext

    def with_first_clause(argument: Any, lowered: Any, compact: bool = False) -> Any:
        hint, description = original(argument, lowered, compact), argument.field.helptext
        description = description() if callable(description) else description
        if not compact or not description:
            return hint
        clause = re.split(r"[.;:] ", " ".join(description.split()))[0].removesuffix(".")
        return text(text["dim"](f"{clause}."), " ", hint)

    arguments.generate_argument_helptext = with_first_clause


# ---------------------------------------------------------------------------------------------------------------------
# Keras: a layer that another one replaces in an attribute stays among the weights of its owner
#
# Remove when setting or deleting an attribute that is a layer takes its weights away from the owner.
# ---------------------------------------------------------------------------------------------------------------------


def untrack(owner: Any, layer: Any) -> None:
    """Takes a layer, and with it its weights, away from the layers of its owner, before another one replaces it."""
    owner._tracker.untrack(layer)


# ---------------------------------------------------------------------------------------------------------------------
# tyro: a description of several lines breaks the completion of its option
#
# The script hands each description to the shell as it is, and the shell takes every line of it for a completion.
#
# Remove when tyro's scripts join the lines of descriptions (1.0.17 does not).
# ---------------------------------------------------------------------------------------------------------------------


def one_line_descriptions(script: str) -> str:
    """Joins the lines of all descriptions in a completion script of tyro."""
    lines = script.splitlines(keepends=True)
    return "".join(line.replace("\\n", " ") if line.startswith("COMPLETION_SPEC = ") else line for line in lines)


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
# Keras: before training under a strategy, `fit` reads a batch, reduces it over the replicas and builds the model
#
# The reduction fails for pairs of images and labels under MultiWorkerMirroredStrategy, and reading the batch is for
# nothing where the model has its variables already.
#
# Remove when Keras asks whether the model is built before it reads, or the reduction takes structures.
# ---------------------------------------------------------------------------------------------------------------------


class BuiltInConstructor:
    """Mixed into a Keras model that has all its variables after its construction."""

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        """Does nothing."""


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
