"""The REST API over HTTP, and the page."""

import json
import re
import sys
import traceback
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from google.protobuf import json_format

from tf_infomax.errors import InputError
from tf_infomax.serving.local import json_tensors
from tf_infomax.serving.local.errors import INTERNAL, TOO_LARGE, RequestError, invalid, not_found
from tf_infomax.serving.local.model import ServedModel

MAX_BODY = 32 * 2**20
"""Largest body of a request in bytes."""
_MAX_DIGITS = 18
"""Digits of the length of any body."""
_MAX_DISCARDED = 2**30
_BLOCK = 2**20
_PAGE = Path(__file__).parent / "page.html"
_MODEL_PATH = re.compile(
    r"/v1/models/(?P<name>[^/:]+)(?:/versions/(?P<version>\d{1,18})|/labels/(?P<label>[^/:]+))?(?P<verb>/metadata|:\w+)?"
)


class RestServer(ThreadingHTTPServer):
    """Answers HTTP on a port of this machine.

    Args:
        model: The model to serve.
        host: Address to listen on.
        port: Port to listen on; any free one if 0.

    Raises:
        InputError: The port is taken, or the address is not one of this machine.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, model: ServedModel, *, host: str, port: int) -> None:
        self.model = model
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError) as error:
            raise InputError(f"port {port} of {host} cannot be opened ({error}); choose another one.") from error

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leaves out the traceback of a client that has gone."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: RestServer
    protocol_version = "HTTP/1.1"
    server_version = "tf-infomax"
    disable_nagle_algorithm = True
    wbufsize = -1  # Head and body leave together.
    timeout = 60
    """Seconds for which a client may be silent."""

    def do_GET(self) -> None:  # noqa: N802 - the name is the library's
        self._answer(self._get)

    def do_POST(self) -> None:  # noqa: N802
        self._answer(self._post)

    def handle_expect_100(self) -> bool:
        """Tells a client that waits for it to send its body, at once and not with the answer."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def log_message(self, format: str, *args: Any) -> None:
        """Logs nothing."""

    def _answer(self, respond: Callable[[], tuple[str, bytes]]) -> None:
        """Sends what `respond` returns, a content type and a body, or its error."""
        try:
            kind, body = respond()
            self._send(HTTPStatus.OK, kind, body)
        except RequestError as error:
            self._send_error(error)
        except OSError:
            raise
        except Exception:
            traceback.print_exc()
            self._send_error(RequestError(INTERNAL, "The server failed; its standard error says why."))

    def _get(self) -> tuple[str, bytes]:
        if self.path.split("?")[0] == "/":
            return "text/html; charset=utf-8", page(self.server.model)
        match = self._model_path()
        if match["verb"] == "/metadata":
            return _json(metadata(self.server.model))
        if match["verb"]:
            raise not_found(f"{self.path} takes POST.")
        return _json(status(self.server.model))

    def _post(self) -> tuple[str, bytes]:
        body = self._body()
        match, model = self._model_path(), self.server.model
        if match["verb"] != ":predict":
            raise not_found(f"{self.path} is not a request that this server answers; there is :predict.")
        content = json_tensors.parse_body(body)
        signature = content.get("signature_name", "")
        inputs = json_tensors.read_inputs(content, model.input_specs(signature))
        return "application/json", json_tensors.write_outputs(content, model.predict(signature, inputs))

    def _model_path(self) -> re.Match:
        match = _MODEL_PATH.fullmatch(self.path.split("?")[0])
        if match is None:
            raise not_found(f"{self.path} is not a path of this server; there is /v1/models/{self.server.model.name}.")
        self.server.model.check(unquote(match["name"]), match["version"], match["label"])
        return match

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > _MAX_DIGITS:
            self.close_connection = True
            raise invalid("A request must have a Content-Length.")
        if int(length) > MAX_BODY:
            self._discard(int(length))
            raise RequestError(TOO_LARGE, f"A body must have at most {MAX_BODY} bytes. Received: {length}")
        return self.rfile.read(int(length))

    def _discard(self, length: int) -> None:
        """Reads a body without keeping it: a client that still sends would not see the answer."""
        self.close_connection = True
        left = min(length, _MAX_DISCARDED)
        while left and (block := self.rfile.read(min(left, _BLOCK))):
            left -= len(block)

    def _send_error(self, error: RequestError) -> None:
        self._send(error.status.http, *_json({"error": error.sentence}))

    def _send(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def status(model: ServedModel) -> dict[str, Any]:
    """Returns the answer to a request for the model's status."""
    ok = {"error_code": "OK", "error_message": ""}
    return {"model_version_status": [{"version": str(model.version), "state": "AVAILABLE", "status": ok}]}


def metadata(model: ServedModel) -> dict[str, Any]:
    """Returns the answer to a request for the model's signatures."""
    signatures = {
        name: json_format.MessageToDict(signature, preserving_proto_field_name=True)
        for name, signature in model.signature_defs.items()
    }
    spec = {"name": model.name, "signature_name": "", "version": str(model.version)}
    return {"model_spec": spec, "metadata": {"signature_def": {"signature_def": signatures}}}


def page(model: ServedModel) -> bytes:
    """Returns the HTML page, which draws by the same REST API."""
    facts = {
        "model": model.name,
        "version": model.version,
        "numClasses": model.num_classes,
        "maxRows": model.max_rows,
        "signatures": sorted(model.signature_defs),
    }
    # Inside a script element only "<" could end it.
    return _PAGE.read_text().replace("{{FACTS}}", json.dumps(facts).replace("<", "\\u003c")).encode()


def _json(content: Any) -> tuple[str, bytes]:
    return "application/json", (json.dumps(content, indent=1) + "\n").encode()
