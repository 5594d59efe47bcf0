"""The REST API: the forms of TensorFlow Serving, and one clear error for each bad request."""

import base64
import http.client
import json
import re
import socket

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import json_format
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2

from tests.serving.exports import LATENT_DIM, assert_equal_samples, drawn_by, loaded, signature_def, small_generator
from tests.serving.server import ask, predict
from tf_infomax.serving.local.errors import RequestError
from tf_infomax.serving.local.json_tensors import read_inputs

MODEL = "/v1/models/classes"
SEEDS, LABELS = [5, 7, 2**31 - 1], [2, 0, 1]
EXPECTED_LABELS = np.array(LABELS)


@pytest.fixture(scope="module")
def expected():
    return drawn_by(small_generator("classes"), np.array(SEEDS), EXPECTED_LABELS)


def test_columns(server, expected):
    status, answer = predict(server, "classes", "seeds_class", seeds=SEEDS, labels=LABELS)
    assert status == 200 and answer.keys() == {"outputs"}
    assert_equal_samples(np.array(answer["outputs"], np.uint8), expected)
    status, answer = predict(server, "classes", "seeds", seeds=SEEDS)
    assert answer["outputs"].keys() == {"images", "labels"}


def test_rows(server, expected):
    rows = [{"seeds": seed, "labels": label} for seed, label in zip(SEEDS, LABELS)]
    _, answer = ask(server, "POST", f"{MODEL}:predict", {"signature_name": "seeds_class", "instances": rows})
    assert_equal_samples(np.array(answer["predictions"], np.uint8), expected)
    _, answer = ask(server, "POST", f"{MODEL}:predict", {"signature_name": "seeds", "instances": SEEDS})
    assert [row.keys() for row in answer["predictions"]] == [{"images", "labels"}] * 3


def test_png_files_are_base64(server, expected):
    _, answer = predict(server, "classes", "seeds_class_png", seeds=SEEDS, labels=LABELS)
    files = [base64.b64decode(file["b64"], validate=True) for file in answer["outputs"]]
    assert_equal_samples(np.stack([tf.io.decode_png(file) for file in files]), expected)


def test_the_default_signature(server, exports):
    latents = np.random.default_rng(0).normal(size=[2, LATENT_DIM]).astype(np.float32)
    request = {"inputs": {"latents": latents.tolist(), "labels": [0, 1]}}
    _, answer = ask(server, "POST", f"{MODEL}/versions/1:predict", request)
    served = loaded(exports["classes"])["serving_default"](
        latents=tf.constant(latents), labels=tf.constant([0, 1], tf.int64)
    )
    np.testing.assert_array_equal(np.array(answer["outputs"]), served["images"])


def test_status_is_that_of_the_message(server):
    for path in (MODEL, f"{MODEL}/versions/1", MODEL.replace("classes", "%63lasses")):
        status, answer = ask(server, "GET", path)
        message = json_format.ParseDict(answer, get_model_status_pb2.GetModelStatusResponse())
        assert status == 200 and [version.version for version in message.model_version_status] == [1]
        assert message.model_version_status[0].state == get_model_status_pb2.ModelVersionStatus.AVAILABLE


def test_metadata_are_those_of_the_file(server, exports):
    _, answer = ask(server, "GET", f"{MODEL}/metadata")
    signatures = json_format.ParseDict(answer["metadata"]["signature_def"], get_model_metadata_pb2.SignatureDefMap())
    assert signatures.signature_def.keys() == loaded(exports["classes"]).keys()
    for name, signature in signatures.signature_def.items():
        assert signature == signature_def(exports["classes"], name)


def request_of(**changes) -> dict:
    return {"signature_name": "seeds", "inputs": {"seeds": [1]}, **changes}


REFUSED = {
    "another model": ("/v1/models/other:predict", request_of(), 404, "Servable not found.*other"),
    "another version": (f"{MODEL}/versions/7:predict", request_of(), 404, "Servable not found.*7"),
    "a label": (f"{MODEL}/labels/stable:predict", request_of(), 404, "label.*stable"),
    "another signature": (f"{MODEL}:predict", request_of(signature_name="nothing"), 400, '"nothing" not found'),
    "a signature that is no name": (f"{MODEL}:predict", request_of(signature_name=3), 400, "must be a string"),
    "another method": (f"{MODEL}:classify", request_of(), 404, "classify"),
    "another path": ("/v2/models/classes", request_of(), 404, "not a path"),
    "no JSON": (f"{MODEL}:predict", b'{"inputs": ', 400, "JSON Parse error"),
    "JSON too deep": (f"{MODEL}:predict", b"[" * 100_000, 400, "JSON Parse error"),
    "no object": (f"{MODEL}:predict", [1], 400, "either `instances` or `inputs`"),
    "both forms": (f"{MODEL}:predict", request_of(instances=[1]), 400, "either `instances` or `inputs`"),
    "another input": (f"{MODEL}:predict", request_of(inputs={"seed": [1]}), 400, "must be seeds. Received: seed"),
    "no rows": (f"{MODEL}:predict", {"signature_name": "seeds", "instances": []}, 400, "at least one row"),
    "no seeds": (f"{MODEL}:predict", request_of(inputs={"seeds": []}), 400, "1 to 1024 rows"),
    "too many seeds": (f"{MODEL}:predict", request_of(inputs={"seeds": [1] * 1025}), 400, "1 to 1024 rows"),
    "a seed beyond 32 bits": (f"{MODEL}:predict", request_of(inputs={"seeds": [2**32 + 5]}), 400, "-2..31"),
    "a seed beyond 64 bits": (f"{MODEL}:predict", request_of(inputs={"seeds": [2**70]}), 400, "of int64"),
    "half a seed": (f"{MODEL}:predict", request_of(inputs={"seeds": [1.5]}), 400, "of int64"),
    "words": (f"{MODEL}:predict", request_of(inputs={"seeds": ["one"]}), 400, "of int64"),
    "words that NumPy would make as long as the longest": (
        f"{MODEL}:predict",
        request_of(inputs={"seeds": ["a" * 1_000_000] + ["b"] * 1_000_000}),
        400,
        "of int64",
    ),
    "lists within lists": (f"{MODEL}:predict", b'{"inputs": ' + b"[" * 600 + b"]" * 600 + b"}", 400, "must be"),
    "a ragged list": (f"{MODEL}:predict", request_of(inputs={"seeds": [[1], [1, 2]]}), 400, "rectangular"),
    "a matrix of seeds": (f"{MODEL}:predict", request_of(inputs={"seeds": [[1]]}), 400, r"int64 \(None,\)"),
    "NaN": (
        f"{MODEL}:predict",
        f'{{"inputs": {{"latents": [{[float("nan")] * LATENT_DIM}], "labels": [0]}}}}'.replace("nan", "NaN").encode(),
        400,
        "`latents` must be finite. Received: nan",
    ),
}


@pytest.mark.parametrize("text", ["\xe9", "a", 3, None])
def test_bytes_that_are_no_base64(text):
    with pytest.raises(RequestError) as refusal:
        read_inputs({"inputs": [{"b64": text}]}, {"image_bytes": tf.TensorSpec([None], tf.string)})
    assert "`image_bytes` must be objects" in refusal.value.sentence


def test_a_ragged_list_of_files():
    nested: list = []
    for _ in range(600):
        nested = [nested]
    for values in ([[{"b64": "YQ=="}], "x"], nested):
        with pytest.raises(RequestError, match="`image_bytes` must be a rectangular list of bytes"):
            read_inputs({"inputs": values}, {"image_bytes": tf.TensorSpec([None], tf.string)})


def test_text_that_is_no_text():
    with pytest.raises(RequestError, match="`image_bytes` must be objects"):
        read_inputs({"inputs": ["\ud800"]}, {"image_bytes": tf.TensorSpec([None], tf.string)})


@pytest.mark.parametrize("name", REFUSED)
def test_refused_and_then_served(server, name):
    path, content, expected_status, sentence = REFUSED[name]
    status, answer = ask(server, "POST", path, content)
    assert (status, answer.keys()) == (expected_status, {"error"})
    assert re.search(sentence, answer["error"])
    assert "\n" not in answer["error"]
    assert predict(server, "classes", "seeds", seeds=[1])[0] == 200


def test_a_body_of_100_megabytes(server):
    status, answer = ask(server, "POST", f"{MODEL}:predict", b"[" + b" " * 100_000_000)
    assert status == 413 and "at most" in answer["error"]
    assert predict(server, "classes", "seeds", seeds=[1])[0] == 200


def test_a_body_without_a_length(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest("POST", f"{MODEL}:predict")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()  # No body: the server answers without reading one, and closes.
    response = connection.getresponse()
    assert response.status == 400 and "Content-Length" in json.loads(response.read())["error"]
    connection.close()


@pytest.mark.parametrize("length", ["many", "9" * 5000])
def test_a_length_that_is_none(server, length):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest("POST", f"{MODEL}:predict")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


def test_a_client_that_waits_to_be_told_to_go_on(server):
    body = json.dumps(request_of()).encode()
    head = f"POST {MODEL}:predict HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_connection_answers_several_requests(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for content, status in ((request_of(), 200), ([1], 400), (request_of(), 200)):
        connection.request("POST", f"{MODEL}:predict", json.dumps(content))
        response = connection.getresponse()
        assert response.status == status and json.loads(response.read())
    connection.close()
