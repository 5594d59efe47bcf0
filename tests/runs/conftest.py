"""Fixtures for tests of several programs."""

import numpy as np
import pytest
import tensorflow as tf

from tests.eager import no_graphs  # noqa: F401


@pytest.fixture
def photos(tmp_path):
    """Returns a folder of 8 photos without classes."""
    for number in range(8):
        pixels = np.random.default_rng(number).integers(0, 256, (40, 30 + number, 3), np.uint8)
        tf.io.write_file(str(tmp_path / "photos" / f"{number}.png"), tf.io.encode_png(pixels))
    return tmp_path / "photos"
