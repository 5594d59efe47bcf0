"""Reconstruction of images from an encoder's output."""

from collections.abc import Mapping

import keras

from tf_infomax.errors import check_positive
from tf_infomax.losses.variational import reconstruction_loss
from tf_infomax.objectives.decoding import decoder_for
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class Reconstruction(EncoderObjective):
    """Decodes the output to the image that the encoder saw: an autoencoder.

    `mean over i of: 1/2 ||x_i - decoder(y_i)||^2`, a sum over pixels and channels and a mean over the batch: minus the
    log-likelihood of a Gaussian with unit variance, without its constant. With `PriorMatching` it is an adversarial
    autoencoder.

    Args:
        weight: Weight in the encoder's loss.
        base_channels: Width of the decoder, as of `ConvolutionalDecoder`.
        fc_units: Units of its hidden fully connected layer.

    Raises:
        InputError: A number is not positive; when built, if there is no decoder for the image size.

    Source: "AE" of Hjelm et al., ICLR 2019, Tables 1 and 2.
    """

    def __init__(
        self,
        weight: float = 1.0,
        *,
        base_channels: int = 64,
        fc_units: int = 1024,
        name: str = "reconstruction",
        **kwargs,
    ) -> None:
        super().__init__(weight, name=name, **kwargs)
        check_positive(base_channels=base_channels, fc_units=fc_units)
        self.base_channels = base_channels
        self.fc_units = fc_units

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        self.decoder = decoder_for(
            shapes,
            base_channels=self.base_channels,
            fc_units=self.fc_units,
            name="decoder",
            dtype=self.dtype_policy,
        )

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        return reconstruction_loss(batch.images, self.decoder(batch.features["output"], training=True)), {}

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, Reconstruction)}
