"""`tf-infomax request`: the same images by REST and by gRPC, and one line for each failure."""

import http.server
import json
import socket
import threading

import numpy as np
import pytest
import tensorflow as tf

from tests.serving.exports import assert_equal_samples, small_generator
from tf_infomax.commands import request
from tf_infomax.errors import InputError
from tf_infomax.images import image_grid
from tf_infomax.models import Sampler


def ask(output, *options):
    arguments = ["--output", output, "--model", "classes", "--retries", "0", *options]
    request.main([str(argument) for argument in arguments])


@pytest.fixture(params=["rest", "grpc"])
def address(request, server):
    return f"--{request.param}", getattr(server, request.param)


def grid(images):
    return image_grid(np.asarray(images))


def test_the_images_of_a_seed(address, tmp_path):
    ask(tmp_path / "grid.png", *address, "--num-images", 5, "--seed", 3)
    expected = grid(Sampler(small_generator("classes")).generate(5, 3))
    assert_equal_samples(tf.io.decode_png((tmp_path / "grid.png").read_bytes()), expected)


def test_the_images_of_a_class(address, tmp_path):
    ask(tmp_path / "grid.png", *address, "--num-images", 4, "--label", 1, "--version", 1)
    expected = grid(Sampler(small_generator("classes")).generate(4, 0, labels=np.ones(4, np.int64)))
    assert_equal_samples(tf.io.decode_png((tmp_path / "grid.png").read_bytes()), expected)


@pytest.mark.parametrize(
    "options, sentence",
    [
        (["--num-images", 2000], "refuses the request: `num_images` must be from 1 to 1024. Received: 2000"),
        (["--label", 3], "refuses the request: `labels` must be from 0 to 2. Received: 3"),
        (["--model", "other"], "Servable not found.*other"),
        (["--version", 7], "Servable not found.*7"),
        (["--seed", 2**32 + 5], "`seed` must be from"),
        (["--num-images", 0], "`num_images` must be at least 1"),
        (["--num-images", 2**31], "`num_images` must be below 2,147,483,648"),
        (["--label", 10**20], "`label` must be below"),
        (["--version", 10**20], "`version` must be below"),
        (["--timeout", 1e20], "`timeout` must be below 1,000,000"),
    ],
)
def test_refusals(address, tmp_path, options, sentence):
    with pytest.raises(InputError, match=sentence) as error:
        ask(tmp_path / "grid.png", *address, *options)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "grid.png").exists()


def test_one_address(server, tmp_path):
    for options in ([], ["--rest", server.rest, "--grpc", server.grpc]):
        with pytest.raises(InputError, match="either --rest URL or --grpc"):
            ask(tmp_path / "grid.png", *options)
    with pytest.raises(InputError, match="such as http://"):
        ask(tmp_path / "grid.png", "--rest", "127.0.0.1:8501")
    with pytest.raises(InputError, match="such as http://.*a..b"):
        ask(tmp_path / "grid.png", "--rest", "http://a..b:8501")
    with pytest.raises(InputError, match="`output` must end in .png. Received: .*grid.jpg"):
        ask(tmp_path / "grid.jpg", "--rest", server.rest)


def test_an_existing_file_is_kept(address, tmp_path):
    (tmp_path / "grid.png").write_bytes(b"mine")
    with pytest.raises(InputError, match="exists already"):
        ask(tmp_path / "grid.png", *address)
    assert (tmp_path / "grid.png").read_bytes() == b"mine"


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]  # Bound, but nobody listens.


@pytest.mark.parametrize("kind, scheme", [("--rest", "http://"), ("--grpc", "")])
def test_nobody_listens(closed_port, tmp_path, kind, scheme):
    with pytest.raises(InputError, match="does not answer after 2 attempts"):
        ask(tmp_path / "grid.png", kind, f"{scheme}127.0.0.1:{closed_port}", "--retries", "1")


@pytest.fixture
def mute():
    """Accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("kind, scheme", [("--rest", "http://"), ("--grpc", "")])
def test_nobody_answers(mute, tmp_path, kind, scheme):
    with pytest.raises(InputError, match="no answer within 0.5 s"):
        ask(tmp_path / "grid.png", kind, f"{scheme}127.0.0.1:{mute}", "--timeout", "0.5")


class Busy(http.server.BaseHTTPRequestHandler):
    """Is busy twice, then answers with something else than images."""

    requests = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).requests += 1
        busy = self.requests < 3
        body = json.dumps({"error": "busy"} if busy else {"answer": 42}).encode()
        self.send_response(503 if busy else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def test_a_busy_server_is_asked_again(tmp_path):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Busy) as busy:
        threading.Thread(target=busy.serve_forever, daemon=True).start()
        with pytest.raises(InputError, match="not that of TensorFlow Serving"):
            ask(tmp_path / "grid.png", "--rest", f"http://127.0.0.1:{busy.server_port}", "--retries", "2")
        busy.shutdown()
    assert Busy.requests == 3


class Strange(http.server.BaseHTTPRequestHandler):
    """Answers with what it is told."""

    answer = b""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *args):
        pass


def test_answers_of_another_form(tmp_path, monkeypatch):
    forms = ['"abc"', "null", "3", '[{"x": 1}]', "[[1], [1, 2]]", '[{"b64": "é"}]']
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Strange) as strange:
        threading.Thread(target=strange.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{strange.server_port}"
        for outputs in forms:
            monkeypatch.setattr(Strange, "answer", f'{{"outputs": {outputs}}}'.encode())
            with pytest.raises(InputError, match="not that of TensorFlow Serving"):
                ask(tmp_path / "grid.png", "--rest", address, "--num-images", "1")
        for outputs in ('[{"b64": "YWJj"}]', "[1]"):
            monkeypatch.setattr(Strange, "answer", f'{{"outputs": {outputs}}}'.encode())
            with pytest.raises(InputError, match="expected PNG files of one size from generate_png"):
                ask(tmp_path / "grid.png", "--rest", address, "--num-images", "1")
        strange.shutdown()


@pytest.mark.parametrize("address", ["http://a b:1", "http://127.0.0.1:8501/a b"])
def test_spaces_in_an_address(tmp_path, address):
    with pytest.raises(InputError, match="expected an address such as"):
        ask(tmp_path / "grid.png", "--rest", address)
