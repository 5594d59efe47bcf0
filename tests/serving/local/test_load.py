"""Many requests at once, of which `python -m tests.serving_load` sends more."""

import numpy as np
import pytest

from tests.serving.exports import drawn_by, small_generator
from tests.serving.server import serving
from tests.serving_load import Address, load


@pytest.mark.slow
def test_no_answer_is_lost_or_mixed_up(exports):
    expected = drawn_by(small_generator("colour"), np.arange(32))
    with serving(exports["colour"]) as server:
        address = Address(server.rest, server.grpc, "colour", server.process.pid)
        result = load(address, expected, requests=200, threads=8)
    assert result.counts == {"drawn": 180, "refused": 20}
    before, after = result.memory
    assert after < before + 100


def test_a_mixed_up_answer_is_noticed(server):
    expected = np.zeros([32, 28, 28, 1], np.uint8)
    address = Address(server.rest, server.grpc, "classes", None)
    result = load(address, expected, requests=40, threads=2)
    assert result.faults == {"of other seeds": 36}
