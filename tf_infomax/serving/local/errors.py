"""Errors of requests: a status of gRPC, and one sentence."""

import re
from typing import NamedTuple

import tensorflow as tf


class Status(NamedTuple):
    """A canonical status: its name in gRPC, and the status of HTTP that TensorFlow Serving gives it."""

    name: str
    http: int


INVALID_ARGUMENT = Status("INVALID_ARGUMENT", 400)
NOT_FOUND = Status("NOT_FOUND", 404)
TOO_LARGE = Status("RESOURCE_EXHAUSTED", 413)
RESOURCE_EXHAUSTED = Status("RESOURCE_EXHAUSTED", 429)
INTERNAL = Status("INTERNAL", 500)


class RequestError(Exception):
    """A request that cannot be answered.

    Args:
        status: Its status.
        sentence: What is wrong with it.
    """

    def __init__(self, status: Status, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def invalid(sentence: str) -> RequestError:
    """Returns the error of a request with wrong content."""
    return RequestError(INVALID_ARGUMENT, sentence)


def not_found(sentence: str) -> RequestError:
    """Returns the error of a request for something that is not there."""
    return RequestError(NOT_FOUND, sentence)


def from_tensorflow(error: tf.errors.OpError) -> RequestError:
    """Returns TensorFlow's error, that of a guard or of a kernel, as the error of a request."""
    kinds = {tf.errors.InvalidArgumentError: INVALID_ARGUMENT, tf.errors.ResourceExhaustedError: RESOURCE_EXHAUSTED}
    return RequestError(kinds.get(type(error), INTERNAL), sentence_of(error.message))


def sentence_of(message: str) -> str:
    """Returns the sentence in a message of TensorFlow: that of a guard without its brackets, or the first line."""
    guard = re.search(r"assertion failed: \[(.*?)\] \[(.*?)\]", message, re.DOTALL)
    if guard:
        return " ".join(guard.groups())
    lines = [line.strip() for line in message.splitlines() if line.strip() and not _is_trace(line)]
    return lines[0] if lines else "unknown error"


def _is_trace(line: str) -> bool:
    return line.startswith(("Graph execution error", "Detected at node", "<stack traces"))
