"""Two logical CPU devices for every test, set before TensorFlow starts."""

import gc
import os
from collections.abc import Iterator

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Operations of the tests' sizes are not worth a second thread, nor the cores it takes from the other worker of pytest.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tf_infomax import compat

compat.import_tensorflow()  # as the programs do, so that both compute the same

import keras
import pytest
import tensorflow as tf

from tests.eager import graphs
from tf_infomax.distribution import make_strategy

gc.set_threshold(10_000)  # A model is more objects than the 700 at which Python looks for garbage.

# A step compiled by XLA runs once or twice here: to optimise it would take longer than that.
XLA_FLAGS = ["--xla_backend_optimization_level=0", "--xla_llvm_disable_expensive_passes=true"]
if tf.__version__.startswith("2.21."):  # XLA ends a process that gives it a flag it does not know.
    XLA_FLAGS += ["--xla_cpu_use_fusion_emitters=false", "--xla_cpu_parallel_codegen_split_count=1"]
os.environ.setdefault("XLA_FLAGS", " ".join(XLA_FLAGS))

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts modules with slow tests first: one that comes last keeps one worker waiting for the other."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Keeps the features of real images out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module", autouse=True)
def _short_collections() -> None:
    """Takes what earlier modules left, graphs of thousands of steps, out of every later collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _fixed_seed():
    keras.utils.set_random_seed(0)


@pytest.fixture
def with_graphs() -> Iterator[None]:
    """For tests of a module that is otherwise without (`tests/eager.py`)."""
    with graphs(True):
        yield


@pytest.fixture
def two_replicas(with_graphs) -> tf.distribute.Strategy:
    return make_strategy("mirrored", replicas=2)
