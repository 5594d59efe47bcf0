"""The PredictionService and the ModelService of TensorFlow Serving over gRPC, on the real messages."""

import math
import sys
import traceback
from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from tf_infomax.errors import InputError
from tf_infomax.serving.local.errors import RequestError, invalid
from tf_infomax.serving.local.model import DEFAULT_SIGNATURE, ServedModel
from tf_infomax.serving.local.rest import MAX_BODY
from tf_infomax.types import Array

_PORTS = range(2**16)
_THREADS = 16
_METADATA = "signature_def"


def start_grpc_server(model: ServedModel, *, host: str, port: int) -> tuple[grpc.Server, int]:
    """Starts to answer gRPC on a port of this machine.

    Args:
        model: The model to serve.
        host: Address to listen on.
        port: Port to listen on; any free one if 0.

    Returns:
        The server and its port.

    Raises:
        InputError: The port is taken or none, or the address is not one of this machine.
    """
    if port not in _PORTS:  # gRPC would take its last 16 bits.
        raise InputError(f"`grpc_port` must be from 0 to {_PORTS[-1]}. Received: {port}")
    # Otherwise a second server could share the port, and each would get half of the requests.
    options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", MAX_BODY)]
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=options)
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(_PredictionService(model), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(_ModelService(model), server)
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError:
        bound = 0
    if not bound:
        raise InputError(f"port {port} of {host} cannot be opened for gRPC; choose another one.")
    server.start()
    return server, bound


class _PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    def __init__(self, model: ServedModel) -> None:
        self._model = model

    def Predict(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 - the name is the service's
        """Runs a signature."""
        return _answered(lambda: self._predict(request), context)

    def GetModelMetadata(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Describes the signatures."""
        return _answered(lambda: self._metadata(request), context)

    def _predict(self, request: Any) -> Any:
        _check(self._model, request.model_spec)
        signature = request.model_spec.signature_name or DEFAULT_SIGNATURE
        inputs = {name: _array(name, tensor) for name, tensor in request.inputs.items()}
        outputs = self._model.predict(signature, inputs)
        response = predict_pb2.PredictResponse()
        _describe(self._model, response.model_spec, signature)
        for name in request.output_filter or outputs:
            if name not in outputs:
                raise invalid(f"output tensor alias not found in signature: {name}")
            response.outputs[name].CopyFrom(tf.make_tensor_proto(outputs[name]))
        return response

    def _metadata(self, request: Any) -> Any:
        _check(self._model, request.model_spec)
        if list(request.metadata_field) != [_METADATA]:
            raise invalid(f"`metadata_field` must be {_METADATA}. Received: {', '.join(request.metadata_field)}")
        signatures = get_model_metadata_pb2.SignatureDefMap()
        for name, signature in self._model.signature_defs.items():
            signatures.signature_def[name].CopyFrom(signature)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        _describe(self._model, response.model_spec, "")
        response.metadata[_METADATA].Pack(signatures)
        return response


class _ModelService(model_service_pb2_grpc.ModelServiceServicer):
    def __init__(self, model: ServedModel) -> None:
        self._model = model

    def GetModelStatus(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Names the version."""
        return _answered(lambda: self._status(request), context)

    def _status(self, request: Any) -> Any:
        _check(self._model, request.model_spec)
        available = get_model_status_pb2.ModelVersionStatus.AVAILABLE
        response = get_model_status_pb2.GetModelStatusResponse()
        response.model_version_status.add(version=self._model.version, state=available)
        return response


def _answered(respond: Callable[[], Any], context: grpc.ServicerContext) -> Any:
    """Returns an answer, or ends the call with the status of its error."""
    try:
        return respond()
    except RequestError as error:
        context.abort(grpc.StatusCode[error.status.name], error.sentence)
    except Exception:
        traceback.print_exc(file=sys.stderr)
        context.abort(grpc.StatusCode.INTERNAL, "The server failed; its standard error says why.")


def _check(model: ServedModel, spec: Any) -> None:
    version = spec.version.value if spec.HasField("version") else None
    model.check(spec.name, version, spec.version_label)


def _describe(model: ServedModel, spec: Any, signature: str) -> None:
    spec.name, spec.signature_name, spec.version.value = model.name, signature, model.version


def _array(name: str, tensor: Any) -> Array:
    sizes = [axis.size for axis in tensor.tensor_shape.dim]
    # A single value may stand for a tensor of any size, which would be filled here.
    if min(sizes, default=0) < 0 or math.prod(sizes) > MAX_BODY:
        raise invalid(f"`{name}` must have at most {MAX_BODY} values. Received: shape {sizes}")
    try:
        return tf.make_ndarray(tensor)
    except (KeyError, TypeError, ValueError) as error:
        raise invalid(f"`{name}` is not a tensor: {error}".splitlines()[0]) from None
