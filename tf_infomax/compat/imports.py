"""Imports of TensorFlow, Keras, TF-GAN and TensorFlow Hub."""

import contextlib
import functools
import importlib
import importlib.machinery
import importlib.util
import os
import platform
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
    """Imports TensorFlow, with oneDNN, and without its notes if `TF_CPP_MIN_LOG_LEVEL` is above 1."""
    if "tensorflow" not in sys.modules:
        _use_onednn()
    quiet = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "0") in ("2", "3") and sys.stderr is not None
    with _no_standard_error() if quiet else contextlib.nullcontext(), _missing(*_BESIDE_KERAS):
        importlib.import_module("tensorflow").keras  # noqa: B018 - TensorFlow loads Keras at first use


# ---------------------------------------------------------------------------------------------------------------------
# TensorFlow: oneDNN is off on x86 processors without AVX-512 VNNI
#
# TensorFlow turns oneDNN's convolutions on where a processor has instructions for neural networks. On those with AVX2
# alone they are the faster ones, too: a training step takes 70 to 85% of the time. TensorFlow reads the variable once,
# while it is loaded. Who has set it keeps the value, and who imports TensorFlow first keeps TensorFlow's choice. On ARM
# the variable chooses another library, which was not tried.
#
# Remove when TensorFlow turns oneDNN on for every x86 processor.
# ---------------------------------------------------------------------------------------------------------------------


def _use_onednn() -> None:
    if platform.machine().lower() in ("x86_64", "amd64"):
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


# ---------------------------------------------------------------------------------------------------------------------
# Keras: `import keras` loads scikit-learn, pandas and pyplot
#
# It does without those that are not installed, and imports the others for wrappers, data frames and pictures of its
# own, which the programs never use: two seconds of seven. While a program imports Keras they seem to be missing.
#
# Remove when Keras loads them at first use.
# ---------------------------------------------------------------------------------------------------------------------

_BESIDE_KERAS = ("sklearn", "pandas", "matplotlib")


@contextlib.contextmanager
def _missing(*names: str) -> Iterator[None]:
    """Lets imports of modules fail inside the block, but for those that are loaded already."""
    absent: dict[str, Any] = {name: None for name in names if name not in sys.modules}
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


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
