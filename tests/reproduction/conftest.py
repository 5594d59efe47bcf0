import pytest

from tests.eager import no_graphs  # noqa: F401
from tests.garbage import no_full_collections


@pytest.fixture(scope="package", autouse=True)
def _no_full_collections():
    with no_full_collections():
        yield
