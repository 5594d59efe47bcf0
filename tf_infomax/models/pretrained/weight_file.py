"""The weights of a saved model: those of its networks and heads, without the state of training."""

import io
from collections.abc import Mapping
from typing import Any, Literal

import h5py
import keras
import numpy as np

from tf_infomax import compat

StorageType = Literal["float32", "float16"]
"""Type that kernels are stored in; all else stays as it is."""


def weight_file(model: Any, storage: StorageType) -> bytes:
    """Returns the weights of a model of several players, as Keras writes them for a model that was not compiled.

    Optimizers, a game's critic and adaptive augmentation are left out: they belong to the training that ended.

    Args:
        model: The model.
        storage: `"float16"` halves the file: arrays of two or more axes are rounded to 11 bits; vectors are not.
    """
    bare = type(model).from_config(model.get_config())
    take_weights(bare, model.parts())
    content = bytes(compat.weights_in_memory(bare))
    return _halved(content) if storage == "float16" else content


def take_weights(model: Any, parts: Mapping[str, keras.layers.Layer]) -> None:
    """Gives each part of a model of several players the weights of the part of the same name."""
    for name, part in model.parts().items():
        part.set_weights(parts[name].get_weights())


def _halved(content: bytes) -> bytes:
    """Returns an HDF5 file with its kernels in half precision."""
    target = io.BytesIO()
    with h5py.File(io.BytesIO(content), "r") as old, h5py.File(target, "w") as new:
        old.visititems(lambda name, item: _copy(new, name, item))
    return target.getvalue()


def _copy(new: h5py.File, name: str, item: h5py.Group | h5py.Dataset) -> None:
    if isinstance(item, h5py.Dataset):
        is_kernel = item.dtype == np.float32 and item.ndim >= 2
        copied = new.create_dataset(name, data=item[()].astype(np.float16) if is_kernel else item[()])
    else:
        copied = new.require_group(name)
    copied.attrs.update(item.attrs)
