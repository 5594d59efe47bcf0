"""A trained encoder as a SavedModel."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.images import to_float
from tf_infomax.models import DeepInfoMax
from tf_infomax.serving.archive import describe, load_signatures, version_folder, write_archive
from tf_infomax.serving.verification import Verification, largest_difference
from tf_infomax.types import Array, Features, Tensor

SERVED_FEATURES = ("conv", "fc", "output")
FEATURE_TOLERANCE = 1e-4


def export_encoder(
    model: DeepInfoMax, directory: Path | str, *, version: int = 1, origin: dict[str, Any] | None = None
) -> Path:
    """Writes the encoder as `directory/version`, as TensorFlow Serving expects models.

    Its signature `serving_default`, in inference mode: `images` (N, H, W, C) uint8, of the encoder's own size ->
    `conv` (N, h, w, C'), `fc` (N, F) and `output` (N, Y), float32.

    Args:
        model: A trained model.
        directory: Folder of all versions of the model.
        version: Number of this version.
        origin: JSON-ready facts kept beside the model, such as the run's path.

    Returns:
        The folder of the version.

    Raises:
        InputError: The version is below 1 or exists already.
    """
    target = version_folder(directory, version)
    encoder = model.encoder
    size = encoder.image_size

    def serve(images: Tensor) -> Features:
        features = encoder(to_float(images), training=False)
        return {name: features[name] for name in SERVED_FEATURES}

    archive = keras.export.ExportArchive()
    images = tf.TensorSpec([None, size, size, encoder.num_channels], tf.uint8, name="images")
    archive.add_endpoint("serving_default", serve, [images])
    write_archive(archive, target, origin=origin)
    return target


def verify_encoder_export(
    saved_model: Path | str, model: DeepInfoMax, *, num_images: int = 64, seed: int = 0
) -> Verification:
    """Loads a SavedModel with TensorFlow alone and compares its features with those of the encoder it came from.

    Args:
        saved_model: Folder of one version.
        model: The model that was exported.
        num_images: Number of images of random pixels to compare.
        seed: Seed of the pixels.

    Raises:
        InputError: The folder holds no SavedModel with the signature of `export_encoder`.
    """
    signatures = load_signatures(saved_model, required=["serving_default"])
    size = model.encoder.image_size
    shape = num_images, size, size, model.encoder.num_channels
    images = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    served = signatures["serving_default"](images=tf.constant(images))
    expected = model.encode(images)
    difference = max(_relative_difference(served[name].numpy(), expected[name]) for name in SERVED_FEATURES)
    text = f"{num_images} images: features at most {difference:.1e} from the encoder's, relative to the largest"
    described = {name: describe(signature) for name, signature in signatures.items()}
    return Verification(described, difference, FEATURE_TOLERANCE, text)


def _relative_difference(served: Array, expected: Array) -> float:
    return largest_difference(served, expected) / max(float(np.max(np.abs(expected))), 1e-12)
