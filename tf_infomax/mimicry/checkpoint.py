"""Reading the authors' checkpoint files."""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.mimicry.state import State

STATE_KEY = "model_state_dict"
"""Key of the weights in a checkpoint that also holds an optimizer's state."""


def load_state(path: Path | str) -> State:
    """Reads the weights in a PyTorch file: a state dict, or a checkpoint that holds one beside an optimizer's.

    Unpickling a file can run any code, so everything but tensors and plain containers is refused.

    Raises:
        InputError: There is no such file, it is not a checkpoint of tensors, or PyTorch is not installed.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path} is not a file.")
    content = _load(_torch(), path)
    state = content.get(STATE_KEY, content) if isinstance(content, dict) else content
    if not isinstance(state, dict) or not state or not all(map(_is_named_tensor, state.items())):
        raise InputError(f"{path}: expected a dictionary of tensors by name, alone or as `{STATE_KEY}`.")
    return {name: _to_array(value) for name, value in state.items()}


def _torch() -> ModuleType:
    try:
        import torch
    except ImportError as error:
        raise InputError(
            "Reading PyTorch checkpoints needs PyTorch: pip install 'tf-infomax[torch]', or pip install -e '.[torch]' "
            "in a clone."
        ) from error
    return torch


def _load(torch: ModuleType, path: Path) -> Any:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    # A file can be broken in many ways, each with an exception of its own.
    except Exception as error:
        raise InputError(
            f"{path} is not a PyTorch checkpoint of tensors alone; anything else could run code and is not loaded."
        ) from error


def _is_named_tensor(item: tuple[Any, Any]) -> bool:
    name, value = item
    return isinstance(name, str) and hasattr(value, "detach")


def _to_array(tensor: Any) -> np.ndarray:
    # numpy has no bfloat16.
    return (tensor.detach().float() if tensor.is_floating_point() else tensor.detach()).numpy()
