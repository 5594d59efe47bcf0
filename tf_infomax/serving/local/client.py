"""A client of TensorFlow Serving and of `tf-infomax serve`: REST by the standard library, gRPC by the real messages."""

import base64
import http.client
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import numpy as np
import tensorflow as tf

from tf_infomax.errors import InputError
from tf_infomax.serving.local.errors import sentence_of
from tf_infomax.types import Array

T = TypeVar("T")
_FIRST_WAIT = 0.2
_GOES_AWAY = (429, 502, 503, 504)
"""Statuses of HTTP after which the same request may succeed."""


class Unreachable(Exception):
    """The server gave no answer; the same request may succeed later."""


class Client(ABC):
    """A model on a server.

    Args:
        address: Where the server is.
        model: Name of the model.
        version: Number of the version; the one that the server chooses if None.
        timeout: Seconds without an answer, or without more of it, that end an attempt.
        retries: Attempts after the first.

    Raises:
        InputError: The address is not one.
    """

    def __init__(
        self, address: str, *, model: str, version: int | None = None, timeout: float = 30.0, retries: int = 3
    ) -> None:
        self.address = address
        self.model = model
        self.version = version
        self.timeout = timeout
        self.retries = retries

    def predict(self, signature: str, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Runs a signature.

        Args:
            signature: Its name.
            inputs: Arrays by name.

        Returns:
            Outputs by name; PNG files are bytes in an array of objects.

        Raises:
            InputError: The server refuses the request, or does not answer.
        """
        return with_retries(lambda: self._predict(signature, inputs), address=self.address, retries=self.retries)

    @abstractmethod
    def _predict(self, signature: str, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Runs a signature once, or raises `Unreachable`."""


class RestClient(Client):
    """A model behind REST at `http://HOST:PORT`, or `https`."""

    def __init__(self, address: str, **kwargs: Any) -> None:
        super().__init__(address, **kwargs)
        try:
            url = urlsplit(address)
            self._host, self._port = url.hostname, url.port
        except ValueError as error:
            raise _no_address(address) from error
        if url.scheme not in ("http", "https") or not self._host:
            raise _no_address(address)
        self._connection = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        version = "" if self.version is None else f"/versions/{self.version}"
        self._path = f"{url.path.rstrip('/')}/v1/models/{quote(self.model, safe='')}{version}:predict"

    def _predict(self, signature: str, inputs: Mapping[str, Array]) -> dict[str, Array]:
        values = {name: array.tolist() for name, array in inputs.items()}
        status, body = self._post(json.dumps({"signature_name": signature, "inputs": values}).encode())
        if status in _GOES_AWAY:
            raise Unreachable(_error_in(body) or f"HTTP status {status}")
        if status != http.HTTPStatus.OK:
            raise InputError(f"{self.address} refuses the request: {_error_in(body) or f'HTTP status {status}'}")
        return _outputs(body, signature)

    def _post(self, body: bytes) -> tuple[int, bytes]:
        try:
            connection = self._connection(self._host or "", self._port, timeout=self.timeout)
        except http.client.InvalidURL as error:
            raise _no_address(self.address) from error
        try:
            connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()
        except TimeoutError as error:
            raise Unreachable(f"no answer within {self.timeout:g} s") from error
        except (
            UnicodeError,
            http.client.InvalidURL,
        ) as error:  # Such as an empty label of the host.
            raise _no_address(self.address) from error
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        finally:
            connection.close()


class GrpcClient(Client):
    """A model behind gRPC at `HOST:PORT`, without encryption."""

    def __init__(self, address: str, **kwargs: Any) -> None:
        super().__init__(address, **kwargs)
        import grpc
        from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

        self._grpc, self._messages = grpc, predict_pb2
        # PNG files of a thousand images are beyond the usual 4 MiB. A proxy of the environment would not know the host.
        options = [("grpc.max_receive_message_length", -1), ("grpc.enable_http_proxy", 0)]
        self._stub = prediction_service_pb2_grpc.PredictionServiceStub(grpc.insecure_channel(address, options=options))

    def _predict(self, signature: str, inputs: Mapping[str, Array]) -> dict[str, Array]:
        request = self._messages.PredictRequest()
        request.model_spec.name, request.model_spec.signature_name = self.model, signature
        if self.version is not None:
            request.model_spec.version.value = self.version
        for name, array in inputs.items():
            request.inputs[name].CopyFrom(tf.make_tensor_proto(array))
        try:
            response = self._stub.Predict(request, timeout=self.timeout)
        except self._grpc.RpcError as error:
            raise self._error(error) from error
        return {name: tf.make_ndarray(tensor) for name, tensor in response.outputs.items()}

    def _error(self, error: Any) -> Exception:
        code, details = error.code(), sentence_of(error.details() or "")
        if code is self._grpc.StatusCode.DEADLINE_EXCEEDED:
            return Unreachable(f"no answer within {self.timeout:g} s")
        if code is self._grpc.StatusCode.UNAVAILABLE:
            return Unreachable(details)
        return InputError(f"{self.address} refuses the request: {details}")


def with_retries(attempt: Callable[[], T], *, address: str, retries: int) -> T:
    """Repeats an attempt that ends in `Unreachable`, after waits that double.

    Raises:
        InputError: The last attempt failed, too.
    """
    for number in range(retries + 1):
        try:
            return attempt()
        except Unreachable as error:
            last = error
        if number < retries:
            time.sleep(_FIRST_WAIT * 2**number)
    raise InputError(f"{address} does not answer after {retries + 1} attempts: {last}") from last


def _outputs(body: bytes, signature: str) -> dict[str, Array]:
    """Reads the outputs of an answer; a single one has no name there."""
    try:
        outputs = json.loads(body)["outputs"]
        named = outputs if isinstance(outputs, dict) else {"outputs": outputs}
        return {name: _array(values) for name, values in named.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("the answer is not that of TensorFlow Serving's REST API.") from error


def _array(values: Any) -> Array:
    if not isinstance(values, list):
        raise TypeError(f"expected a list. Received: {type(values).__name__}")
    if values and isinstance(values[0], dict):
        return np.array([base64.b64decode(value["b64"], validate=True) for value in values], object)
    return np.array(values)


def _no_address(address: str) -> InputError:
    return InputError(f"expected an address such as http://127.0.0.1:8501. Received: {address}")


def _error_in(body: bytes) -> str:
    try:
        return sentence_of(str(json.loads(body)["error"]))
    except (ValueError, KeyError, TypeError):
        return ""
