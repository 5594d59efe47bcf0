"""Loading of saved models."""

from pathlib import Path
from typing import Any

import keras

from tf_infomax.errors import InputError, first_line
from tf_infomax.files import read_json_object
from tf_infomax.models.players import PlayersModel
from tf_infomax.models.pretrained.addresses import folder_of
from tf_infomax.models.pretrained.layout import COMPILE, CONFIG, PRESET, WEIGHTS


def from_preset(preset: Path | str) -> PlayersModel:
    """Loads a trained model.

        gan = tf_infomax.from_preset("infomax-gan-digits")
        images = gan.generate(64, seed=0)  # (64, 28, 28, 1) uint8

    It is compiled as it was, with optimizers at their first step: `fit` fine-tunes it.

    Args:
        preset: The name of a model that comes with this package (`infomax-gan-digits`), a folder that
            `GAN.save_to_preset` or `tf-infomax save-preset` wrote, or `hf://OWNER/NAME` for one on Hugging Face's hub,
            with `@REVISION` for another revision than the newest.

    Returns:
        A `GAN` or `DeepInfoMax`.

    Raises:
        InputError: There is no such model, it cannot be downloaded, a file is damaged, or a class is of a module that
            has not been imported.
    """
    folder = folder_of(preset)
    model = _model_of(folder)
    try:
        model.load_weights(folder / WEIGHTS)
    except Exception as error:  # Of HDF5 and of Keras, in several classes.
        raise InputError(f"{folder / WEIGHTS} is damaged or of other networks ({first_line(error)}).") from error
    compiled = read_preset_json(folder).get(COMPILE)
    if compiled is not None:
        model.compile_from_config(compiled)
    return model


def read_preset_json(folder: Path) -> dict[str, Any]:
    """Returns how the model in a folder was compiled, and the configuration of its run.

    Raises:
        InputError: The file is damaged.
    """
    return read_json_object(folder / PRESET)


def _model_of(folder: Path) -> PlayersModel:
    config = read_json_object(folder / CONFIG)
    try:
        model = keras.saving.deserialize_keras_object(config)
    except Exception as error:  # Whatever the constructors of classes raise, too.
        raise InputError(
            f"{folder / CONFIG} must be of classes that are imported and their arguments. "
            f"Received: a file that fails with {first_line(error)}"
        ) from error
    if not isinstance(model, PlayersModel):
        raise InputError(f"{folder / CONFIG} must be of a GAN or DeepInfoMax. Received: a {type(model).__name__}")
    return model
