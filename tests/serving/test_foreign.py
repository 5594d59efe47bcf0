"""Exports in programs without TensorFlow's Python: the same bytes, and the same sentences for bad requests."""

import re
import shutil

import numpy as np
import pytest

from tests.serving.foreign import INVALID_ARGUMENT, REQUESTS, Request, by_c_api, by_cpp, compile_serve, in_python


def assert_answers(saved_model, answers):
    for request, answer in zip(REQUESTS, answers, strict=True):
        if request.refused:
            assert answer.code == INVALID_ARGUMENT
            assert re.search(request.refused, answer.message)
        else:
            np.testing.assert_array_equal(answer.output, in_python(saved_model, request), strict=True)


def test_the_c_api_without_python(exports):
    assert_answers(exports["classes"], by_c_api(exports["classes"], REQUESTS))


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """The C++ program, compiled once."""
    compiler = shutil.which("g++") or pytest.skip("needs a C++ compiler")
    return compile_serve(tmp_path_factory.mktemp("serve"), compiler)


@pytest.mark.slow
def test_the_loader_of_tensorflow_serving(serve, exports):
    assert_answers(exports["classes"], by_cpp(serve, exports["classes"], REQUESTS))


@pytest.mark.slow
def test_png_files_by_the_loader_of_tensorflow_serving(serve, exports):
    request = Request("seeds_png", "png_bytes", {"seeds": np.array([5, 7])})
    [answer] = by_cpp(serve, exports["colour"], [request])
    assert answer.output == list(in_python(exports["colour"], request))
