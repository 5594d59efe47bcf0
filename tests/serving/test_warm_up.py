"""Warm-up records: a request for every signature, in the wire format of TensorFlow Serving's messages."""

from collections.abc import Iterator

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2

from tests.serving.exports import KINDS, loaded
from tf_infomax.serving import WARM_UP_FILE
from tf_infomax.serving.warm_up import prediction_log

RECORDED = bytes.fromhex(
    "32380a360a0f0a066469676974731a05736565647312230a057365656473121a0809120412020802221001000000000000000200000000000000"
)
"""The request of `seeds` [1, 2] to a model `digits`, as tensorflow-serving-api 2.21 serialised it."""


def test_a_record_byte_for_byte():
    assert prediction_log("digits", "seeds", {"seeds": np.array([1, 2])}) == RECORDED


def fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers and contents of a message whose fields all have a length; an independent reader."""
    at = 0
    while at < len(message):
        number, at = varint(message, at)
        assert number & 7 == 2
        length, at = varint(message, at)
        yield number >> 3, message[at : at + length]
        at += length


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (message[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if message[at - 1] < 128:
            return value, at


def request_of(record: bytes) -> tuple[str, dict[str, np.ndarray]]:
    """Signature and inputs of a record."""
    [(log, predict_log)] = fields(record)
    [(request, content)] = fields(predict_log)
    assert (log, request) == (6, 1)
    parts = list(fields(content))
    spec = dict(fields(parts[0][1]))
    inputs = [dict(fields(entry)) for number, entry in parts[1:] if number == 2]
    return spec[3].decode(), {
        entry[1].decode(): tf.make_ndarray(tensor_pb2.TensorProto.FromString(entry[2])) for entry in inputs
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_signature_answers_its_record(exports, kind):
    signatures = loaded(exports[kind])
    records = list(tf.data.TFRecordDataset(str(exports[kind] / WARM_UP_FILE)).as_numpy_iterator())
    requests = dict(map(request_of, records))
    assert requests.keys() == signatures.keys() and len(records) == len(requests)
    for name, inputs in requests.items():
        outputs = signatures[name](**{key: tf.constant(value) for key, value in inputs.items()})
        assert {len(values) for values in outputs.values()} == {1}
        # A server that batches refuses numbers without an axis, and then the version.
        assert all(values.ndim > 0 for values in inputs.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_batches_may_repeat_rows(exports, kind):
    # It fills a batch up with copies of a row, and expects an answer for each of them.
    signatures = loaded(exports[kind])
    for record in tf.data.TFRecordDataset(str(exports[kind] / WARM_UP_FILE)).as_numpy_iterator():
        name, inputs = request_of(record)
        outputs = signatures[name](**{key: tf.constant(np.repeat(values, 8, axis=0)) for key, values in inputs.items()})
        for values in outputs.values():
            assert len(values) == 8
            if values.dtype == tf.string:
                assert len(set(values.numpy())) == 1
            else:
                np.testing.assert_allclose(values, np.repeat(values[:1], 8, axis=0), rtol=1e-5)


def test_real_messages(exports):
    prediction_log_pb2 = pytest.importorskip("tensorflow_serving.apis.prediction_log_pb2")
    inputs = {"latents": np.ones([2, 3], np.float32), "labels": np.array([1, 2]), "files": np.array([b"x" * 200])}
    expected = prediction_log_pb2.PredictionLog()
    request = expected.predict_log.request
    request.model_spec.name, request.model_spec.signature_name = "digits", "serving_default"
    for name, values in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(values))
    record = prediction_log("digits", "serving_default", inputs)
    assert prediction_log_pb2.PredictionLog.FromString(record) == expected
    assert record == expected.SerializeToString(deterministic=True)
    for path in exports.values():
        for record in tf.data.TFRecordDataset(str(path / WARM_UP_FILE)).as_numpy_iterator():
            log = prediction_log_pb2.PredictionLog.FromString(record)
            assert log.WhichOneof("log_type") == "predict_log" and log.SerializeToString(deterministic=True) == record
