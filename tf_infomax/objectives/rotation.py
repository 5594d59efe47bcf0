"""The self-supervised objective of SSGAN."""

from collections.abc import Mapping
from typing import cast

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.layers import apply_layer, linear
from tf_infomax.layers.precision import full_precision
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives.base import AuxiliaryObjective
from tf_infomax.objectives.batches import DiscriminatorBatch, GeneratorBatch
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor

NUM_ROTATIONS = 4


@keras.saving.register_keras_serializable(package="tf_infomax")
class RotationPrediction(AuxiliaryObjective):
    """Trains the discriminator to predict the rotation of images.

    `beta * CE(rotated x_r)` joins the discriminator's loss and `alpha * CE(rotated x_g)` the generator's, CE the
    cross-entropy of the four rotations; the adversarial game itself sees upright images only. A linear layer on the
    `global_features` (B, F) predicts. Each term costs one more pass through the discriminator.

    Args:
        discriminator_weight: Weight (beta) in the discriminator's loss.
        generator_weight: Weight (alpha) in the generator's loss.
        spectral_norm: Whether the linear layer is spectrally normalised.

    Raises:
        InputError: A weight is negative; when built, if images are not square or there are no `global_features`.

    Logs `accuracy` (real images) and `fake_accuracy`: fractions in [0, 1]; chance is 1/4.

    Source: Chen et al., CVPR 2019 (SSGAN), Eq. 3, 4; weights, and quarters of a batch in place of four copies of it, as
    in InfoMax-GAN's authors' code.
    """

    metric_descriptions = {
        "accuracy": "Real images: fraction of rotations told right; chance is 1/4.",
        "fake_accuracy": "Generated images: fraction of rotations told right; chance is 1/4.",
    }

    def __init__(
        self,
        *,
        discriminator_weight: float = 1.0,
        generator_weight: float = 0.2,
        spectral_norm: bool = True,
        name: str = "rotation",
        **kwargs,
    ) -> None:
        super().__init__(
            discriminator_weight=discriminator_weight, generator_weight=generator_weight, name=name, **kwargs
        )
        self.spectral_norm = spectral_norm
        self.metric_names = self.metrics_of(discriminator="accuracy", generator="fake_accuracy")

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        sizes = shapes["images"][1:-1]
        if len(sizes) != 2 or sizes[0] != sizes[1]:
            received = "x".join(map(str, sizes)) or "points"
            raise InputError(f"RotationPrediction needs square images. Received: {received}")
        feature_shape = self.required(shapes, "global_features")
        num_features = cast(int, feature_shape[-1])
        self.head = linear(
            num_features,
            NUM_ROTATIONS,
            spectral_norm=self.spectral_norm,
            name="head",
            dtype=self.variable_dtype,  # Logits are not rounded.
        )
        self.head.build(feature_shape)

    def discriminator_loss(self, discriminator: keras.Model, batch: DiscriminatorBatch) -> tuple[Tensor, Logs]:
        loss, accuracy = self.predict_rotations(discriminator, batch.real_images, batch.labels)
        return loss, {"accuracy": accuracy}

    def generator_loss(self, discriminator: keras.Model, batch: GeneratorBatch) -> tuple[Tensor, Logs]:
        loss, accuracy = self.predict_rotations(discriminator, batch.fake_images, batch.fake_labels)
        return loss, {"fake_accuracy": accuracy}

    def predict_rotations(
        self, discriminator: keras.Model, images: Tensor, labels: Tensor | None = None, *, training: bool = True
    ) -> tuple[Tensor, Tensor]:
        """Returns the cross-entropy (nats) and the accuracy on `rotate(images)`, of classes `labels`."""
        rotated, rotations = rotate(images)
        features = call_network(discriminator, rotated, labels, training=training)
        logits = full_precision(apply_layer(self.head, features["global_features"], training=training))  # (B, 4)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(rotations, logits)
        hits = tf.equal(tf.argmax(logits, axis=-1, output_type=rotations.dtype), rotations)
        return tf.reduce_mean(loss), tf.reduce_mean(tf.cast(hits, tf.float32))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, RotationPrediction)}


def rotate(images: Tensor) -> tuple[Tensor, Tensor]:
    """Rotates the four quarters of a batch by 0, 90, 180 and 270 degrees counter-clockwise.

    Image i of N is rotated `floor(4 i / N)` times by 90 degrees. N counts the images of all replicas; each replica
    rotates its own.

    Args:
        images: (B, H, W, C) with H = W.

    Returns:
        The rotated images, and the number of quarter turns (B,) int32.
    """
    batch_size = tf.shape(images)[0]
    positions = tf.range(batch_size) + distribution.replica_id() * batch_size
    rotations = positions * NUM_ROTATIONS // (batch_size * distribution.num_replicas())
    turns = rotations[:, None, None, None]
    # Every rotation is a transposition, a reversal of the rows and one of the columns, each done or not.
    images = tf.where(turns % 2 == 1, tf.transpose(images, [0, 2, 1, 3]), images)
    images = tf.where((turns == 1) | (turns == 2), tf.reverse(images, [1]), images)
    return tf.where(turns >= 2, tf.reverse(images, [2]), images), rotations
