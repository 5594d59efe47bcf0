"""The signatures of an encoder."""

from collections.abc import Callable, Mapping

import keras
import numpy as np
import tensorflow as tf

from tf_infomax.images import encode_png, to_float
from tf_infomax.serving import guards
from tf_infomax.serving.signature import Signature
from tf_infomax.types import Features, Tensor

SERVED_FEATURES = ("conv", "fc", "output")
FILES_SIGNATURE = "image_bytes"
"""Name of the signature that takes files, and of its input."""
_FILE_CHANNELS = (1, 3)
"""Channels of images that PNG and JPEG files hold both."""


def encoder_signatures(encoder: keras.Model, *, max_rows: int = guards.MAX_ROWS) -> list[Signature]:
    """Returns all signatures of an encoder: those of `export_encoder`.

    Args:
        encoder: Has `image_size` and `num_channels`.
        max_rows: Largest number of rows of one request.

    Raises:
        InputError: `max_rows` is below 1.
    """
    guards.check_max_rows(max_rows)
    shape = (encoder.image_size, encoder.image_size, encoder.num_channels)
    encode = _one_graph(encoder, shape)

    def serve(images: Tensor) -> Features:
        checks = [guards.rows_within("images", images, max_rows), guards.rows_of("images", images, shape)]
        return encode(*guards.guarded(checks, images))

    def serve_files(image_bytes: Tensor) -> Features:
        [files] = guards.guarded([guards.rows_within("image_bytes", image_bytes, max_rows)], image_bytes)
        return encode(tf.map_fn(lambda file: _decoded(file, shape), files, fn_output_signature=tf.uint8))

    image = np.zeros(shape, np.uint8)
    signatures = [Signature("serving_default", serve, [_images_spec(shape)], {"images": image[None]})]
    if encoder.num_channels in _FILE_CHANNELS:
        files = tf.TensorSpec([None], tf.string, name="image_bytes")
        example = {"image_bytes": np.array([encode_png(image)], object)}
        signatures.append(Signature(FILES_SIGNATURE, serve_files, [files], example))
    return signatures


def _one_graph(encoder: keras.Model, shape: tuple[int, int, int]) -> Callable[[Tensor], Mapping[str, Tensor]]:
    """Returns the encoder as one function, whose graph all signatures share."""

    def encode(images: Tensor) -> dict[str, Tensor]:
        features = encoder(to_float(images), training=False)
        return {name: features[name] for name in SERVED_FEATURES}

    return tf.function(encode, input_signature=[_images_spec(shape)], autograph=False)


def _images_spec(shape: tuple[int, int, int]) -> tf.TensorSpec:
    return tf.TensorSpec([None, *shape], tf.uint8, name="images")


def _decoded(file: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Decodes a PNG or JPEG file to an image (H, W, C) uint8 of the encoder's own size."""
    image = tf.io.decode_image(file, channels=shape[-1], expand_animations=False)
    size = tf.shape(image)
    fits = guards.Check(
        tf.reduce_all(tf.equal(size, shape)), f"`image_bytes` must be images of {shape[0]} x {shape[1]} pixels.", size
    )
    [image] = guards.guarded([fits], image)
    # Not `tf.ensure_shape`: TensorFlow's optimiser would take its shape for that of the file, and the check for passed.
    image.set_shape(shape)
    return image
