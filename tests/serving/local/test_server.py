"""The server as a program: ports, folders, the end, and the page in a browser."""

import re
import shutil
import signal
import socket
import subprocess

import pytest

from tests.serving.exports import small_generator
from tests.serving.server import Server, serving
from tf_infomax.commands import serve
from tf_infomax.errors import InputError
from tf_infomax.serving import export_generator
from tf_infomax.serving.local.server import running_server


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_in_use(exports, taken):
    with pytest.raises(InputError, match=f"port {taken} of 127.0.0.1 cannot be opened"):
        serve.run(serve.Arguments(exports["points"], port=taken))
    with pytest.raises(InputError, match=f"port {taken} of 127.0.0.1 cannot be opened for gRPC"):
        serve.run(serve.Arguments(exports["points"], port=0, grpc_port=taken))


@pytest.mark.parametrize("port", [-1, 2**16])
def test_ports_end_at_16_bits(exports, port):
    with pytest.raises(InputError, match=f"`grpc_port` must be from 0 to 65535. Received: {port}"):
        serve.run(serve.Arguments(exports["points"], port=0, grpc_port=port))


def test_a_second_server_does_not_share_a_port(exports):
    with running_server(exports["points"]) as first:
        port = int(first.grpc.rsplit(":", 1)[1])
        with pytest.raises(InputError, match="cannot be opened"), running_server(exports["points"], grpc_port=port):
            pass


def test_folders_without_a_model(tmp_path):
    with pytest.raises(InputError, match="holds no version of a model"):
        serve.run(serve.Arguments(tmp_path))
    with pytest.raises(InputError, match="holds no version of a model"):
        serve.run(serve.Arguments(tmp_path / "nowhere"))


def test_a_signal_ends_it(exports):
    with serving(exports["points"]) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=30) == 0
        assert "Stopped." in server.process.stdout.read()


@pytest.fixture(scope="module")
def browser():
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None) or pytest.skip("needs Chromium")


def page(browser: str, server: Server, folder, address: str = "") -> str:
    """The page as the browser shows it, once it has drawn; the browser's clock may run ahead of a busy server's."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-proxy-server", f"--user-data-dir={folder}"]
    command = [browser, *flags, "--virtual-time-budget=60000", "--dump-dom", f"{server.rest}/{address}"]
    for _ in range(3):
        document = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
        if 'data-ready="yes"' in document:
            break
    return document


def images(document: str, name: str) -> list[str]:
    [part] = re.findall(rf'<div class="images" id="{name}">(.*?)</div>', document, re.DOTALL)
    return re.findall(r'src="data:image/png;base64,([^"]+)"', part)


def error_in(document: str) -> str:
    return re.findall(r'<p id="error" role="alert">(.*?)</p>', document)[0]


@pytest.mark.slow
def test_the_page_draws_seeds_and_classes(browser, server, tmp_path):
    document = page(browser, server, tmp_path, "#seed=5&class=2&count=3&from=5&to=7&steps=4")
    assert 'data-ready="yes"' in document and error_in(document) == ""
    assert len(set(images(document, "drawn"))) == 3
    between = images(document, "interpolated")
    assert len(set(between)) == 4
    # The ends are the images of the two seeds.
    again = page(browser, server, tmp_path, "#seed=5&class=2&count=1&from=7&to=5&steps=4")
    assert images(again, "drawn") == images(document, "drawn")[:1]
    assert images(again, "interpolated")[0] == between[-1] and images(again, "interpolated")[-1] == between[0]
    assert between[0] == images(document, "drawn")[0]


@pytest.mark.slow
def test_the_page_asks_for_no_more_than_the_export_takes(browser, tmp_path):
    export_generator(small_generator("colour"), tmp_path / "few", max_rows=4)
    with serving(tmp_path / "few") as server:
        document = page(browser, server, tmp_path / "browser")
    assert error_in(document) == "" and [len(images(document, name)) for name in ("drawn", "interpolated")] == [4, 4]


@pytest.mark.slow
def test_the_page_shows_the_sentence_of_a_refusal(browser, server, tmp_path):
    document = page(browser, server, tmp_path, "#count=5000&steps=2")
    assert "must be from 1 to 1024. Received: 5000" in error_in(document)
    assert images(document, "drawn") == [] and len(images(document, "interpolated")) == 2
