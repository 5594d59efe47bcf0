"""Training steps without graphs: to trace one takes as long as a hundred steps of the tests' networks."""

import contextlib
from collections.abc import Iterator

import pytest
import tensorflow as tf


@contextlib.contextmanager
def graphs(wanted: bool) -> Iterator[None]:
    """Makes graphs of every `tf.function`, or runs it as plain Python, on one device."""
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(not wanted)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


@pytest.fixture(scope="module", autouse=True)
def no_graphs() -> Iterator[None]:
    """Runs a module, or the modules of a folder whose conftest.py imports this, without graphs.

    Where the subject is what happens around the steps; elsewhere steps are graphs, and are compared with those without.
    """
    with graphs(False):
        yield
