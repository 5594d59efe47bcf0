"""Warm-up records: requests that TensorFlow Serving replays when it loads a version, before anybody waits for it.

The file is a TFRecord of `tensorflow.serving.PredictionLog`. That message is in a package of its own, which exporting
does not need: around TensorFlow's own `TensorProto` it is a few fields with fixed tags, written here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import tensorflow as tf

from tf_infomax.types import Array

# Fields of the messages, by number, all of wire type 2 (a length and that many bytes).
_PREDICT_LOG = 6  # of PredictionLog: PredictLog
_REQUEST = 1  # of PredictLog: PredictRequest
_MODEL_SPEC, _INPUTS = 1, 2  # of PredictRequest: ModelSpec, map<string, TensorProto>
_NAME, _SIGNATURE_NAME = 1, 3  # of ModelSpec: string
_KEY, _VALUE = 1, 2  # of an entry of a map
_WIRE_TYPE = 2


def prediction_log(model: str, signature: str, inputs: Mapping[str, Array]) -> bytes:
    """Returns a serialised `tensorflow.serving.PredictionLog` of one Predict request.

    Args:
        model: Name of the model.
        signature: Name of the signature.
        inputs: Arrays by name.

    Source: `prediction_log.proto`, `predict.proto` and `model.proto` of TensorFlow Serving 2.21.
    """
    spec = _field(_NAME, model.encode()) + _field(_SIGNATURE_NAME, signature.encode())
    entries = [_field(_INPUTS, _entry(name, inputs[name])) for name in sorted(inputs)]
    request = _field(_MODEL_SPEC, spec) + b"".join(entries)
    return _field(_PREDICT_LOG, _field(_REQUEST, request))


def write_records(path: Path, records: Sequence[bytes]) -> None:
    """Writes a TFRecord."""
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            writer.write(record)


def _entry(name: str, values: Array) -> bytes:
    tensor = tf.make_tensor_proto(values).SerializeToString()
    return _field(_KEY, name.encode()) + _field(_VALUE, tensor)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _WIRE_TYPE) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    """Encodes a number in groups of seven bits, the lowest first; the high bit says that another group follows."""
    groups = []
    while number >= 1 << 7:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])
