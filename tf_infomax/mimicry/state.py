"""States of the authors' library, and layers restored from them."""

from collections.abc import Mapping, Sequence

import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.layers import SpectralNormalization
from tf_infomax.mimicry.layers import NamedLayer, NamedTensor, named_tensors
from tf_infomax.types import Array

State = Mapping[str, Array]
"""Arrays by the authors' names, as `state_dict()` gives them."""

# PyTorch's counter of batches, which nothing uses, and the last sigma, which every call computes anew.
_UNUSED = ("num_batches_tracked", "sn_sigma")


def restore(layers: Sequence[NamedLayer], state: State, *, source: str = "state") -> None:
    """Sets layers to a state of the authors' library.

    Args:
        layers: The built layers of one network, with heads.
        state: The state; every tensor of the layers and no other.
        source: What the state is called in errors.

    Raises:
        InputError: A tensor is missing, has another shape, is not finite or belongs to none of the layers; the message
            names the first one, and no layer is changed.
    """
    tensors = named_tensors(layers, state)
    _check(tensors, state, source)
    for tensor in tensors.values():
        tensor.variable.assign(tensor.layout.read(state[tensor.key]))
    for layer in layers:
        if layer.iterates_at_inference(state):
            _iterate(layer.layer)


def _iterate(layer: SpectralNormalization) -> None:
    """Stores the pair u, v that the authors' layer divides by at inference.

    Their second kind of spectral normalisation stores u alone and makes one power iteration in every call, so its
    sigma at inference is that of the pair after the iteration. Ours uses the stored pair, unless it iterates at
    inference as well.
    """
    if not layer.iterate_at_inference:
        layer.sigma(training=True)


def _check(tensors: Mapping[str, NamedTensor], state: State, source: str) -> None:
    for key, tensor in tensors.items():
        received = f"shape {state[key].shape}" if key in state else "no such tensor"
        if key not in state or state[key].shape != tensor.shape:
            raise InputError(f"{source}: expected `{key}` of shape {tensor.shape}. Received: {received}")
        if not np.isfinite(state[key]).all():
            raise InputError(f"{source}: expected finite numbers in `{key}`. Received: NaN or infinity")
    for key, array in state.items():
        if key not in tensors and not key.endswith(_UNUSED):
            raise InputError(f"{source}: expected no further tensors. Received: `{key}` of shape {array.shape}")
