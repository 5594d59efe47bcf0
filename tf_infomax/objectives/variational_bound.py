"""The evidence lower bound of a variational autoencoder."""

from collections.abc import Mapping
from typing import cast

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import check_positive
from tf_infomax.latents import normal_latents
from tf_infomax.layers import linear
from tf_infomax.layers.precision import full_precision
from tf_infomax.losses.variational import reconstruction_loss, standard_normal_divergence
from tf_infomax.objectives.decoding import decoder_for
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class VariationalBound(EncoderObjective):
    """Makes the encoder the posterior of a variational autoencoder: minus the evidence lower bound, up to a constant.

    `mean over i of: 1/2 ||x_i - decoder(z_i)||^2 + beta KL(N(mu_i, sigma_i^2), N(0, I))`, one draw z_i of the posterior
    for each image. The encoder's output is the mean mu; a linear head on `fc` gives the logarithm of the variance
    sigma^2.

    Args:
        weight: Weight in the encoder's loss.
        beta: Weight of the divergence (beta); 1 is the bound itself, other values are beta-VAE.
        base_channels: Width of the decoder, as of `ConvolutionalDecoder`.
        fc_units: Units of its hidden fully connected layer.

    Raises:
        InputError: A number is not positive; when built, if there is no decoder for the image size.

    Logs `reconstruction` and `kl`, both in nats: the two terms, the second without beta.

    Source: Kingma and Welling, ICLR 2014, Eq. 10; Higgins et al., ICLR 2017, Eq. 4 for beta; "VAE" and "beta-VAE" of
    Hjelm et al., ICLR 2019, Tables 1, 2 and 4 and Appendix A.6.
    """

    metric_names = ("reconstruction", "kl")
    metric_descriptions = {
        "reconstruction": "Negative log-likelihood of images given their codes, nats.",
        "kl": "Divergence of the codes from the prior, nats, without beta.",
    }

    def __init__(
        self,
        weight: float = 1.0,
        *,
        beta: float = 1.0,
        base_channels: int = 64,
        fc_units: int = 1024,
        name: str = "variational_bound",
        **kwargs,
    ) -> None:
        super().__init__(weight, name=name, **kwargs)
        check_positive(beta=float(beta), base_channels=base_channels, fc_units=fc_units)
        self.beta = beta
        self.base_channels = base_channels
        self.fc_units = fc_units

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        features, outputs = shapes["fc"], shapes["output"]
        self.log_variance = linear(
            cast(int, features[-1]), cast(int, outputs[-1]), name="log_variance", dtype=self.dtype_policy
        )
        self.log_variance.build(features)
        self.decoder = decoder_for(
            shapes,
            base_channels=self.base_channels,
            fc_units=self.fc_units,
            name="decoder",
            dtype=self.dtype_policy,
        )

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        means = batch.features["output"]
        log_variances = full_precision(self.log_variance(batch.features["fc"]))  # (B, Y)
        decoded = self.decoder(draw_posterior(means, log_variances, batch.seed), training=True)
        reconstruction = reconstruction_loss(batch.images, decoded)
        divergence = standard_normal_divergence(means, log_variances)
        return reconstruction + self.beta * divergence, {"reconstruction": reconstruction, "kl": divergence}

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, VariationalBound)}


def draw_posterior(means: Tensor, log_variances: Tensor, seed: Tensor) -> Tensor:
    """Draws from N(mu, sigma^2) as a differentiable function of mu and log(sigma^2), all (B, Y).

    Args:
        means: mu.
        log_variances: log(sigma^2).
        seed: (2,) int32, stateless; an image's draw does not depend on the number of replicas.
    """
    noise = distribution.replica_share(
        lambda rows: normal_latents(rows, means.shape[-1], seed), distribution.num_rows(means)
    )
    return means + tf.exp(0.5 * log_variances) * noise
