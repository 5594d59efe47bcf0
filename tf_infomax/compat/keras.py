"""Keras: models, optimizers and files."""

import importlib
import io
from typing import Any

# ---------------------------------------------------------------------------------------------------------------------
# Keras: `Model.layers` stops at the first level
#
# Its walk through all levels is private.
#
# Remove when Keras makes it public.
# ---------------------------------------------------------------------------------------------------------------------


def sublayers(layer: Any) -> list[Any]:
    """Returns all Keras layers below a layer or model, at any depth."""
    return list(layer._flatten_layers(recursive=True, include_self=False))


# ---------------------------------------------------------------------------------------------------------------------
# Keras: an optimizer's state by variable is private
#
# Remove when Keras' Adam makes one operation for each variable, or gives its moments.
# ---------------------------------------------------------------------------------------------------------------------


def moments_of(adam: Any, variable: Any) -> tuple[Any, Any]:
    """Returns the variables with Adam's running means of a variable's gradient and of its square."""
    index = adam._get_variable_index(variable)
    return adam._momentums[index].value, adam._velocities[index].value


# ---------------------------------------------------------------------------------------------------------------------
# Keras: `save_weights` takes paths alone
#
# HDF5 writes to a path itself, and prints pages of tracebacks or crashes the process where a disk is full. In memory it
# cannot fail. Keras' store takes a file in memory; it and the function that fills it are private.
#
# Remove when `save_weights` takes a file object.
# ---------------------------------------------------------------------------------------------------------------------


def weights_in_memory(model: Any) -> memoryview:
    """Returns what a model's `save_weights` would write: the bytes of an HDF5 file."""
    saving_lib = importlib.import_module("keras.src.saving.saving_lib")
    memory = io.BytesIO()
    store = saving_lib.H5IOStore(memory, mode="w")
    saving_lib._save_state(model, weights_store=store, assets_store=None, inner_path="", visited_saveables=set())
    store.close()
    return memory.getbuffer()


# ---------------------------------------------------------------------------------------------------------------------
# Keras: a layer that another one replaces in an attribute stays among the weights of its owner
#
# Remove when setting or deleting an attribute that is a layer takes its weights away from the owner.
# ---------------------------------------------------------------------------------------------------------------------


def untrack(owner: Any, *layers: Any) -> None:
    """Takes layers, and with them their weights, away from those of their owner, before others replace them.

    Args:
        owner: The owner.
        *layers: Its layers; None stands for no layer.
    """
    for layer in layers:
        if layer is not None:
            owner._tracker.untrack(layer)


# ---------------------------------------------------------------------------------------------------------------------
# Keras: before training under a strategy, `fit` reads a batch, reduces it over the replicas and builds the model
#
# The reduction fails for pairs of images and labels under MultiWorkerMirroredStrategy, and reading the batch is for
# nothing where the model has its variables already.
#
# Remove when Keras asks whether the model is built before it reads, or the reduction takes structures.
# ---------------------------------------------------------------------------------------------------------------------


class BuiltInConstructor:
    """Mixed into a Keras model that has all its variables after its construction."""

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        """Does nothing."""
