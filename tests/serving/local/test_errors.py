"""Sentences in TensorFlow's messages."""

import pytest

from tf_infomax.serving.local.errors import sentence_of


@pytest.mark.parametrize(
    "message, sentence",
    [
        # As TensorFlow Serving passes it on, and as Python shows it.
        (
            "assertion failed: [`seeds` must be small. Received:] [7 8]\n\t [[{{node Assert}}]]",
            "`seeds` must be small. Received: 7 8",
        ),
        (
            "Graph execution error:\n\nDetected at node A\n<stack traces unavailable>\nassertion failed: [No.] [1]",
            "No. 1",
        ),
        ("Servable not found\nmore", "Servable not found"),
        ("Graph execution error:\n\nDetected at node A\nMatrices do not fit", "Matrices do not fit"),
        ("", "unknown error"),
    ],
)
def test_sentence(message, sentence):
    assert sentence_of(message) == sentence
