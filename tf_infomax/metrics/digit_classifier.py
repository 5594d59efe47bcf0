"""The digit classifier behind the `digits` features: network and shipped weights."""

from pathlib import Path

import keras
import numpy as np

from tf_infomax.errors import InputError
from tf_infomax.files import UNREADABLE_ARCHIVE

IMAGE_SIZE = 28
NUM_CLASSES = 10
NUM_FEATURES = 64
WEIGHTS_PATH = Path(__file__).parent / "weights" / "digit_classifier.npz"

# float32 whatever the global policy: metrics of one generator must not depend on how it was trained.
_DTYPE = "float32"


def digit_classifier(*, dropout: float = 0.3) -> keras.Model:
    """Builds the network with fresh weights; `trainers/digit_classifier.py` trains it.

    Three blocks of 3x3 convolution, batch normalisation, ReLU and 2x2 max pooling, then 64 ReLU units (the features)
    and 10 logits.

    Args:
        dropout: Fraction of the feature layer's inputs and of the features dropped in training.

    Returns:
        A model from images (B, 28, 28, 1) float32 in [-1, 1] to a dict of `features` (B, 64), non-negative, and
        `logits` (B, 10).
    """
    images = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1), dtype=_DTYPE, name="images")
    x = images
    for block, channels in enumerate((32, 48, 64), start=1):
        x = keras.layers.Conv2D(channels, 3, padding="same", use_bias=False, dtype=_DTYPE, name=f"convolution_{block}")(
            x
        )
        x = keras.layers.BatchNormalization(momentum=0.9, dtype=_DTYPE, name=f"normalization_{block}")(x)
        x = keras.layers.ReLU(dtype=_DTYPE)(x)
        x = keras.layers.MaxPooling2D(2, dtype=_DTYPE)(x)  # 14, 7, 3 pixels per side
    x = keras.layers.Dropout(dropout, dtype=_DTYPE)(keras.layers.Flatten(dtype=_DTYPE)(x))
    features = keras.layers.Dense(NUM_FEATURES, activation="relu", dtype=_DTYPE, name="features")(x)
    x = keras.layers.Dropout(dropout, dtype=_DTYPE)(features)
    logits = keras.layers.Dense(NUM_CLASSES, dtype=_DTYPE, name="logits")(x)
    return keras.Model(images, {"features": features, "logits": logits}, name="digit_classifier")


def save_weights(model: keras.Model, path: Path) -> None:
    """Writes the weights of a `digit_classifier` to a compressed `.npz`: one float32 array per variable path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {_array_name(variable): np.asarray(variable, np.float32) for variable in _variables(model)}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def load_digit_classifier(path: Path = WEIGHTS_PATH) -> keras.Model:
    """Builds the network and reads its weights.

    Args:
        path: A file of `save_weights`; the shipped one unless given.

    Returns:
        The model of `digit_classifier`, not trainable.

    Raises:
        InputError: `path` is not a file of this network's weights.
    """
    model = digit_classifier()
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            for variable in _variables(model):
                variable.assign(arrays[_array_name(variable)])
    except (*UNREADABLE_ARCHIVE, OSError, KeyError, AttributeError, TypeError) as error:
        raise InputError(f"expected the digit classifier's weights (.npz). Received: {str(path)!r}: {error}") from error
    model.trainable = False
    return model


def _variables(model: keras.Model) -> list[keras.Variable]:
    """Returns the weights of inference, without the seeds of dropout."""
    return [
        variable for layer in model.layers if not isinstance(layer, keras.layers.Dropout) for variable in layer.weights
    ]


def _array_name(variable: keras.Variable) -> str:
    return variable.path.replace("/", ".")
