"""Tables without the full collections of garbage after their cells.

One takes seconds in a process that holds the graphs of thousands of tests, and frees nothing that a test misses.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def no_full_collections() -> Iterator[None]:
    """Leaves Python's collector to its own pace."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "collect", lambda generation=2: 0)
        yield
