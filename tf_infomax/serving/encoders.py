"""A trained encoder as a SavedModel."""

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tf_infomax.images import encode_png
from tf_infomax.models import DeepInfoMax
from tf_infomax.serving.archive import describe, load_signatures, write_signatures
from tf_infomax.serving.encoder_signatures import FILES_SIGNATURE, SERVED_FEATURES, encoder_signatures
from tf_infomax.serving.guards import MAX_ROWS, check_max_rows
from tf_infomax.serving.verification import Verification, check_num_images, largest_difference
from tf_infomax.serving.versions import Version, new_version
from tf_infomax.types import Array

FEATURE_TOLERANCE = 1e-4


def export_encoder(
    model: DeepInfoMax,
    directory: Path | str,
    *,
    version: Version = 1,
    max_rows: int = MAX_ROWS,
    origin: dict[str, Any] | None = None,
) -> Path:
    """Writes the encoder as `directory/version`, as TensorFlow Serving expects models.

    Signatures, in inference mode, all with the outputs `conv` (N, h, w, C'), `fc` (N, F) and `output` (N, Y), float32:
    - `serving_default`: `images` (N, H, W, C) uint8, of the encoder's own size;
    - `image_bytes`, for grey images and colours: `image_bytes` (N,), PNG or JPEG files of that size.

    Both refuse no rows, or more than the limit, and images of another size with INVALID_ARGUMENT and a sentence. Each
    has a small request in the warm-up file of TensorFlow Serving.

    Args:
        model: A trained model.
        directory: Folder of all versions of the model.
        version: Number of this version; `"next"` is the one after the highest.
        max_rows: Largest number of rows of one request.
        origin: JSON-ready facts kept beside the model, such as the run's path; `max_rows` is added.

    Returns:
        The folder of the version.

    Raises:
        InputError: The version is below 1 or exists already, or `max_rows` is below 1.
        NotWritten: The disk is full, read-only or damaged; nothing of the version is left.
    """
    check_max_rows(max_rows)
    with new_version(directory, version) as target:
        signatures = encoder_signatures(model.encoder, max_rows=max_rows)
        write_signatures(signatures, target, origin={**(origin or {}), "max_rows": max_rows})
    return target


def verify_encoder_export(
    saved_model: Path | str, model: DeepInfoMax, *, num_images: int = 64, seed: int = 0
) -> Verification:
    """Loads a SavedModel with TensorFlow alone and compares the features of all its signatures with the encoder's.

    Args:
        saved_model: Folder of one version.
        model: The model that was exported.
        num_images: Number of images of random pixels to compare.
        seed: Seed of the pixels.

    Raises:
        InputError: The folder holds no SavedModel with the signature of `export_encoder`, or the export takes fewer
            images in one request.
    """
    check_num_images(saved_model, num_images)
    signatures = load_signatures(saved_model, required=["serving_default"])
    size = model.encoder.image_size
    shape = num_images, size, size, model.encoder.num_channels
    images = np.random.default_rng(seed % 2**32).integers(0, 256, shape, np.uint8)
    served = [signatures["serving_default"](images=tf.constant(images))]
    if FILES_SIGNATURE in signatures:
        files = tf.constant([encode_png(image) for image in images])
        served.append(signatures[FILES_SIGNATURE](image_bytes=files))
    expected = model.encode(images)
    pairs = [(features[name].numpy(), expected[name]) for features in served for name in SERVED_FEATURES]
    difference = float(np.max([_relative_difference(*pair) for pair in pairs]))
    text = f"{num_images} images: features at most {difference:.1e} from the encoder's, relative to the largest"
    described = {name: describe(signature) for name, signature in signatures.items()}
    return Verification(described, difference, FEATURE_TOLERANCE, text)


def _relative_difference(served: Array, expected: Array) -> float:
    return largest_difference(served, expected) / max(float(np.max(np.abs(expected))), 1e-12)
