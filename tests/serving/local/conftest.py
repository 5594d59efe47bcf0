"""Servers that the tests of this folder share."""

import pytest

from tests.serving.server import serving

pytest.importorskip("tensorflow_serving")


@pytest.fixture(scope="package")
def server(exports):
    """Serves the conditional generator."""
    with serving(exports["classes"].parent) as running:
        yield running
