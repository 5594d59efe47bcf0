"""Adversarial inference: an encoder and a generator whose pairs of images and codes look alike."""

from collections.abc import Mapping
from typing import cast

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import check_positive
from tf_infomax.latents import normal_latents
from tf_infomax.layers.precision import full_precision
from tf_infomax.losses.adversarial import minimax_discriminator_loss
from tf_infomax.networks.pair_discriminator import PairDiscriminator
from tf_infomax.objectives.decoding import decoder_for
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class AdversarialInference(EncoderObjective):
    """Makes pairs (image, code) of the encoder look like those of a generator to a discriminator, as BiGAN does.

    Where the two joint distributions are equal, encoder and generator are each other's inverse. The encoder is
    deterministic. The discriminator tells `(x, encoder(x))` from `(generator(z), z)`, z from N(0, I); the generator
    trains with the encoder on the same loss with the labels exchanged, which does not saturate.

    Args:
        weight: Weight in the encoder's loss.
        base_channels: Width of generator and discriminator, as of `ConvolutionalDecoder` and `PairDiscriminator`.
        fc_units: Units of their hidden fully connected layers.

    Raises:
        InputError: A number is not positive; when built, if there is no generator for the image size.

    Source: Donahue et al., ICLR 2017, section 3; "BiGAN" of Hjelm et al., ICLR 2019, Tables 1, 2 and 4,
    with the spherical Gaussian of section 4.2 as the prior.
    """

    adversarial = True

    def __init__(
        self,
        weight: float = 1.0,
        *,
        base_channels: int = 64,
        fc_units: int = 1024,
        name: str = "adversarial_inference",
        **kwargs,
    ) -> None:
        super().__init__(weight, name=name, **kwargs)
        check_positive(base_channels=base_channels, fc_units=fc_units)
        self.base_channels = base_channels
        self.fc_units = fc_units

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        sizes = {"base_channels": self.base_channels, "fc_units": self.fc_units, "dtype": self.dtype_policy}
        self.generator = decoder_for(shapes, name="generator", **sizes)
        _, image_size, _, num_channels = shapes["images"]
        self.discriminator = PairDiscriminator(
            cast(int, image_size), num_channels=cast(int, num_channels), name="discriminator", **sizes
        )
        self.discriminator.build(shapes["images"], shapes["output"])

    @property
    def critic_variables(self) -> list[keras.Variable]:
        return self.discriminator.trainable_variables

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        latents, generated_images = self._generate(batch)
        encoder_logits, generator_logits = self._logits(batch, latents, generated_images)
        return minimax_discriminator_loss(generator_logits, encoder_logits), {}

    def critic_loss(self, batch: EncodedBatch) -> Tensor:
        latents, generated_images = self._generate(batch)
        return minimax_discriminator_loss(*self._logits(batch, latents, tf.stop_gradient(generated_images)))

    def _generate(self, batch: EncodedBatch) -> tuple[Tensor, Tensor]:
        """Returns latents (B, Y) and their images (B, H, W, C)."""
        outputs = batch.features["output"]
        latents = distribution.replica_share(
            lambda rows: normal_latents(rows, outputs.shape[-1], batch.seed), distribution.num_rows(outputs)
        )
        return latents, self.generator(latents, training=True)

    def _logits(self, batch: EncodedBatch, latents: Tensor, generated_images: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the logits (B, 1) of the encoder's pairs and of the generator's."""
        images = tf.concat([full_precision(batch.images), generated_images], axis=0)
        codes = tf.concat([batch.features["output"], latents], axis=0)
        encoder_logits, generator_logits = tf.split(self.discriminator(images, codes, training=True), 2)
        return encoder_logits, generator_logits

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, AdversarialInference)}
