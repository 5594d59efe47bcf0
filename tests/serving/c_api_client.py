"""Runs requests on a SavedModel through TensorFlow's C API, without TensorFlow's Python.

Standard input has JSON: the folder of TensorFlow's libraries, that of the SavedModel, and requests, each with `inputs`
[tensor, dtype number, shape, hexadecimal bytes] and the names of `outputs`. All run in one session. Standard output
gets a list: for each request its outputs [shape, hexadecimal bytes], or the code and the message of its error.
"""

import ctypes
import json
import math
import sys
from pathlib import Path

sys.modules["tensorflow"] = None  # type: ignore[assignment]  # importing it fails

P, S, I64 = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64


class Output(ctypes.Structure):
    """`TF_Output`."""

    _fields_ = [("operation", P), ("index", ctypes.c_int)]


FUNCTIONS = {
    "TF_NewStatus": (P,),
    "TF_GetCode": (ctypes.c_int, P),
    "TF_Message": (S, P),
    "TF_NewGraph": (P,),
    "TF_NewSessionOptions": (P,),
    "TF_LoadSessionFromSavedModel": (P, P, P, S, ctypes.POINTER(S), ctypes.c_int, P, P, P),
    "TF_GraphOperationByName": (P, P, S),
    "TF_AllocateTensor": (P, ctypes.c_int, ctypes.POINTER(I64), ctypes.c_int, ctypes.c_size_t),
    "TF_TensorData": (P, P),
    "TF_TensorByteSize": (ctypes.c_size_t, P),
    "TF_NumDims": (ctypes.c_int, P),
    "TF_Dim": (I64, P, ctypes.c_int),
    "TF_SessionRun": (None, P, P, P, P, ctypes.c_int, P, P, ctypes.c_int, P, ctypes.c_int, P, P),
}


class Library:
    """TensorFlow's C API, each function with its types."""

    def __init__(self, folder: Path) -> None:
        libraries = [
            ctypes.CDLL(str(folder / f"libtensorflow_{name}.so.2"), ctypes.RTLD_GLOBAL) for name in ("framework", "cc")
        ]
        for name, (result, *arguments) in FUNCTIONS.items():
            function = next(getattr(library, name) for library in libraries if hasattr(library, name))
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)


class Session:
    """A SavedModel in a session."""

    def __init__(self, library: Library, saved_model: str) -> None:
        self.library, self.graph, self.status = library, library.TF_NewGraph(), library.TF_NewStatus()
        tags = (S * 1)(b"serve")
        options = library.TF_NewSessionOptions()
        self.session = library.TF_LoadSessionFromSavedModel(
            options, None, saved_model.encode(), tags, 1, self.graph, None, self.status
        )
        self.check()

    def check(self) -> None:
        if self.library.TF_GetCode(self.status):
            raise SystemExit(self.library.TF_Message(self.status).decode())

    def run(self, inputs: list, outputs: list[str]) -> dict:
        """Runs one request."""
        feeds, values = self.outputs([name for name, *_ in inputs]), [self.tensor(*rest) for _, *rest in inputs]
        results = (P * len(outputs))()
        arguments = (feeds, (P * len(values))(*values), len(values), self.outputs(outputs), results, len(outputs))
        self.library.TF_SessionRun(self.session, None, *arguments, None, 0, None, self.status)
        code = self.library.TF_GetCode(self.status)
        if code:
            return {"code": code, "message": self.library.TF_Message(self.status).decode()}
        return {"outputs": [self.content(result) for result in results]}

    def outputs(self, names: list[str]):
        parts = [name.split(":") for name in names]
        operations = [(self.library.TF_GraphOperationByName(self.graph, name.encode()), int(i)) for name, i in parts]
        return (Output * len(names))(*operations)

    def tensor(self, dtype: int, shape: list[int], content: str) -> int:
        raw = bytes.fromhex(content)
        tensor = self.library.TF_AllocateTensor(dtype, (I64 * len(shape))(*shape), len(shape), len(raw))
        ctypes.memmove(self.library.TF_TensorData(tensor), raw, len(raw))
        return tensor

    def content(self, tensor: int) -> list:
        shape = [self.library.TF_Dim(tensor, axis) for axis in range(self.library.TF_NumDims(tensor))]
        raw = ctypes.string_at(self.library.TF_TensorData(tensor), self.library.TF_TensorByteSize(tensor))
        assert len(raw) % max(math.prod(shape), 1) == 0
        return [shape, raw.hex()]


def main() -> None:
    """Answers all requests."""
    task = json.load(sys.stdin)
    session = Session(Library(Path(task["libraries"])), task["saved_model"])
    print(json.dumps([session.run(**request) for request in task["requests"]]))


if __name__ == "__main__":
    main()
