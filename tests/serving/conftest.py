"""Exports that all tests of serving share."""

from pathlib import Path

import pytest

from tests.serving.exports import KINDS, small_generator
from tf_infomax.serving import export_generator


@pytest.fixture(scope="package")
def exports(tmp_path_factory) -> dict[str, Path]:
    """One version of each kind of generator."""
    folder = tmp_path_factory.mktemp("exports")
    return {kind: export_generator(small_generator(kind), folder / kind) for kind in KINDS}
