"""Servers that the tests of this folder share."""

import importlib.util

import pytest

from tests.serving.server import serving

if importlib.util.find_spec("tensorflow_serving") is None:  # The extra `test` installs it.
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="package")
def server(exports):
    """Serves the conditional generator."""
    with serving(exports["classes"].parent) as running:
        yield running
