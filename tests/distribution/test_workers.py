"""The same seed and batch on one device, two replicas, two workers, and two workers of two replicas each."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.eager import graphs
from tests.programs import ROOT
from tests.trajectories import METHODS, Trajectory, trajectory
from tf_infomax.commands.worker_processes import WorkerProcesses
from tf_infomax.distribution import make_strategy

pytestmark = pytest.mark.slow

LOSSES = 1e-4
WEIGHTS = 1e-5


@functools.cache
def on_one_device(name: str) -> Trajectory:
    """Without a graph: tracing takes longer than the steps."""
    with graphs(False):
        return trajectory(METHODS[name], tf.distribute.get_strategy())


@pytest.fixture(scope="module")
def workers(tmp_path_factory) -> Callable[[int], Path]:
    """Returns, by their replicas, the folder of the trajectories of both workers, trained in processes of their own."""

    @functools.cache
    def trained(replicas: int) -> Path:
        folder = tmp_path_factory.mktemp("workers")
        command = [sys.executable, "-m", "tests.trajectories", str(folder), str(replicas), *METHODS]
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(ROOT)
            with WorkerProcesses(command, number=2) as processes:
                assert processes.wait() == 0
        return folder

    return trained


def assert_close(found: Trajectory, expected: Trajectory) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert np.isfinite(value).all(), name
        tolerance = LOSSES if name.startswith("loss/") else WEIGHTS
        np.testing.assert_allclose(found[name], value, rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("replicas", [1, 2], ids=["two_workers", "two_workers_of_two"])
def test_workers_train_what_one_device_trains(workers, replicas, name):
    chief, other = (dict(np.load(workers(replicas) / f"{name}_{index}.npz")) for index in range(2))
    for key, value in chief.items():
        np.testing.assert_array_equal(other[key], value, err_msg=key)
    assert_close(chief, on_one_device(name))


@pytest.mark.parametrize("name", METHODS)
def test_two_replicas_train_what_one_device_trains(two_replicas, name):
    assert_close(trajectory(METHODS[name], make_strategy("mirrored", replicas=2)), on_one_device(name))
