"""Saving of a trained model as a folder that `from_preset`, Keras and Hugging Face's hub read."""

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import keras

from tf_infomax.errors import InputError, check_choice
from tf_infomax.files import atomic_folder
from tf_infomax.images import write_png
from tf_infomax.models.pretrained.card import card_of
from tf_infomax.models.pretrained.layout import (
    CARD,
    COMPILE,
    CONFIG,
    FILES,
    METADATA,
    METRICS,
    PICTURE,
    PRESET,
    RUN,
    WEIGHTS,
    holds_saved_model,
)
from tf_infomax.models.pretrained.weight_file import StorageType, weight_file
from tf_infomax.types import Array


def save_to_preset(
    model: Any,
    directory: Path | str,
    *,
    storage: StorageType = "float32",
    overwrite: bool = False,
    run: Mapping[str, Any] | None = None,
    records: Sequence[Mapping[str, Any]] = (),
    card: str | None = None,
    picture: Array | None = None,
) -> Path:
    """Writes a model as a folder, whole or not at all.

    Args:
        model: The model, a `GAN` or `DeepInfoMax`.
        directory: Folder to write.
        storage: Type that kernels are stored in, `"float32"` or `"float16"`.
        overwrite: Whether to replace a model in the folder, which must hold nothing else.
        run: Configuration of the run that trained it.
        records: Measurements of it.
        card: Text of its card; one from what the model knows of itself if None.
        picture: Samples (height, width, C) uint8 beside the card.

    Returns:
        The folder.

    Raises:
        InputError: The folder holds a model that is not to be replaced, or other files.
        NotWritten: The disk is full, read-only or damaged; what was there is kept.
    """
    check_choice("storage", storage, get_args(StorageType))
    target = Path(directory)
    check_target(target, overwrite=overwrite)
    compiled = {COMPILE: model.get_compile_config(), **({} if run is None else {RUN: dict(run)})}
    texts = {
        CONFIG: json.dumps(_config(model), indent=1),
        METADATA: json.dumps(_metadata()),
        PRESET: json.dumps(compiled, indent=1),
        METRICS: json.dumps(list(records), indent=2),
        CARD: card or card_of(model, target.name),
    }
    weights = weight_file(model, storage)
    with atomic_folder(target) as partial:
        for name, text in texts.items():
            (partial / name).write_text(text.rstrip("\n") + "\n")
        (partial / WEIGHTS).write_bytes(weights)
        if picture is not None:
            write_png(partial / PICTURE, picture)
    return target


def check_target(target: Path, *, overwrite: bool) -> None:
    """Raises an InputError unless a folder is new or empty, or holds a saved model, and no more, to be replaced."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not holds_saved_model(target):
        raise InputError(f"{target} is not empty and holds no saved model; name a new directory.")
    if not overwrite:
        raise InputError(f"{target} holds a saved model; pass --overwrite (`overwrite=True`) to replace it.")
    others = sorted(path.name for path in target.iterdir() if path.name not in FILES)
    if others:
        raise InputError(
            f"{target} also holds {', '.join(others)}, which would be lost with the model that is replaced; move it "
            "away, or name a new directory."
        )


def _config(model: Any) -> dict[str, Any]:
    """Returns a model's configuration without that of its training, as Keras loads a folder without optimizers."""
    config = dict(keras.saving.serialize_keras_object(model))
    config.pop("compile_config", None)
    return config


def _metadata() -> dict[str, str]:
    return {"keras_version": keras.version(), "date_saved": datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S")}
