"""A discriminator as a SavedModel."""

from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tf_infomax.networks import ResNetDiscriminator
from tf_infomax.networks.conditioning import call_network
from tf_infomax.serving import write_archive
from tf_infomax.sizes import height_and_width
from tf_infomax.types import Features, Tensor

SERVED_FEATURES = ("logits", "local_features", "global_features")


def export_discriminator(
    discriminator: ResNetDiscriminator, target: Path, *, origin: dict[str, Any] | None = None
) -> None:
    """Writes a SavedModel that maps images to logits and features, whole or not at all.

    Its signature `serving_default`, in inference mode: `images` (N, H, W, C) float32 in [-1, 1], which for grey levels
    0 to 255 is `(level / 255 - 0.5) / 0.5`, and if the discriminator is conditional `labels` (N,) int64 ->
    `logits` (N, 1), `local_features` (N, h, w, F) and `global_features` (N, F), float32.

    Args:
        discriminator: The built discriminator.
        target: Folder of the SavedModel.
        origin: JSON-ready facts kept beside the model.
    """
    size = height_and_width(discriminator.image_size)
    inputs = [tf.TensorSpec([None, *size, discriminator.num_channels], tf.float32, name="images")]
    if discriminator.num_classes is not None:
        inputs.append(tf.TensorSpec([None], tf.int64, name="labels"))

    def serve(images: Tensor, labels: Tensor | None = None) -> Features:
        features = call_network(discriminator, images, labels, training=False)
        return {name: features[name] for name in SERVED_FEATURES}

    # Not tracked, for the reason given in `archive.write_signatures`: a conditional one refuses calls without labels.
    archive = keras.export.ExportArchive()
    archive.add_endpoint("serving_default", serve, inputs)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_archive(archive, target, origin=origin)
