"""Training steps without graphs: to trace one takes as long as a hundred steps of the tests' networks."""

from collections.abc import Iterator

import pytest
import tensorflow as tf


@pytest.fixture(scope="module", autouse=True)
def no_graphs() -> Iterator[None]:
    """Runs every `tf.function` of a module that imports this as plain Python, on one device.

    For modules whose subject is what happens around the steps; others train by graphs, and compare the two.
    """
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
