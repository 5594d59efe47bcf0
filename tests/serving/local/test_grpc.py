"""gRPC by the real client of TensorFlow Serving, over loopback."""

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from tests.serving.exports import LATENT_DIM, assert_equal_samples, drawn_by, small_generator
from tf_infomax.serving import WARM_UP_FILE
from tf_infomax.serving.local.rest import MAX_BODY


@pytest.fixture(scope="module")
def channel(server):
    with grpc.insecure_channel(server.grpc, options=[("grpc.enable_http_proxy", 0)]) as channel:
        yield channel


@pytest.fixture(scope="module")
def stub(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


def request(signature: str, *, model: str = "classes", version: int | None = None, **inputs):
    message = predict_pb2.PredictRequest()
    message.model_spec.name, message.model_spec.signature_name = model, signature
    if version is not None:
        message.model_spec.version.value = version
    for name, values in inputs.items():
        message.inputs[name].CopyFrom(tf.make_tensor_proto(values))
    return message


GOOD = request("seeds", seeds=np.array([5, 7]))


def test_predict(stub):
    seeds, labels = np.array([5, 7]), np.array([2, 0])
    response = stub.Predict(request("seeds_class", version=1, seeds=seeds, labels=labels), timeout=60)
    expected = drawn_by(small_generator("classes"), seeds, labels)
    assert_equal_samples(tf.make_ndarray(response.outputs["images"]), expected)
    spec = response.model_spec
    assert (spec.name, spec.version.value, spec.signature_name) == ("classes", 1, "seeds_class")


def test_chosen_outputs(stub):
    message = request("seeds", seeds=np.array([5]))
    message.output_filter.append("labels")
    assert list(stub.Predict(message, timeout=60).outputs) == ["labels"]


def test_warm_up_records_are_requests(stub, exports):
    prediction_log_pb2 = pytest.importorskip("tensorflow_serving.apis.prediction_log_pb2")
    for record in tf.data.TFRecordDataset(str(exports["classes"] / WARM_UP_FILE)).as_numpy_iterator():
        message = prediction_log_pb2.PredictionLog.FromString(record).predict_log.request
        assert message.model_spec.name == "classes"
        assert stub.Predict(message, timeout=60).outputs


def test_metadata_and_status(channel, stub):
    message = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    message.model_spec.name = "classes"
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert stub.GetModelMetadata(message, timeout=60).metadata["signature_def"].Unpack(signatures)
    assert signatures.signature_def["seeds"].inputs["seeds"].dtype == tf.int64.as_datatype_enum
    message = get_model_status_pb2.GetModelStatusRequest()
    message.model_spec.name = "classes"
    status = model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(message, timeout=60)
    assert [version.version for version in status.model_version_status] == [1]


def huge():
    """A tensor of 2**40 numbers in a few bytes: one stands for all."""
    message = request("latents", seeds=np.array([1]))
    message.inputs["seeds"].Clear()
    message.inputs["seeds"].dtype = tf.int64.as_datatype_enum
    message.inputs["seeds"].tensor_shape.dim.add(size=2**40)
    message.inputs["seeds"].int64_val.append(1)
    return message


def cut():
    """A tensor with less content than its shape."""
    message = request("latents", seeds=np.array([1, 2]))
    message.inputs["seeds"].tensor_content = b"123"
    return message


def resource():
    """A tensor of a dtype that arrays do not have."""
    message = request("latents", seeds=np.array([1]))
    message.inputs["seeds"].dtype = tf.resource.as_datatype_enum
    return message


NAN = np.full([1, LATENT_DIM], np.nan, np.float32)
TWO_ROWS = np.zeros([2, LATENT_DIM], np.float32)
INVALID, NOT_FOUND = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND
REFUSED = {
    "another model": (request("seeds", model="other", seeds=[1]), NOT_FOUND, "other"),
    "another version": (request("seeds", version=7, seeds=[1]), NOT_FOUND, "7"),
    "another signature": (request("nothing", seeds=[1]), INVALID, '"nothing" not found'),
    "NaN": (request("", latents=NAN, labels=np.array([0])), INVALID, "finite"),
    "one label for two rows": (request("", latents=TWO_ROWS, labels=np.array([0])), INVALID, "one for each"),
    "another dtype": (request("seeds", seeds=np.array([1], np.int32)), INVALID, "must be int64.*int32"),
    "another input": (request("seeds", seed=np.array([1])), INVALID, "Received: seed"),
    "too many rows": (request("seeds", seeds=np.zeros(1025, np.int64)), INVALID, "1 to 1024"),
    "a huge tensor": (huge(), INVALID, "at most"),
    "half a tensor": (cut(), INVALID, "seeds"),
    "no numbers": (resource(), INVALID, "`seeds` is not a tensor"),
    "100 megabytes": (
        request("seeds", seeds=np.zeros(MAX_BODY // 4, np.int64)),
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "larger than max",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_and_then_served(stub, name):
    message, code, sentence = REFUSED[name]
    with pytest.raises(grpc.RpcError, match=sentence) as error:
        stub.Predict(message, timeout=60)
    assert error.value.code() is code
    assert len(stub.Predict(GOOD, timeout=60).outputs) == 2
