"""Prior matching of an encoder's output to a distribution."""

from collections.abc import Callable, Mapping
from typing import Literal, get_args

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import check_choice
from tf_infomax.losses.adversarial import minimax_discriminator_loss, non_saturating_generator_loss
from tf_infomax.networks.prior_discriminator import PriorDiscriminator
from tf_infomax.objectives.encoder_objective import EncodedBatch, EncoderObjective
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor

Prior = Literal["uniform", "normal"]
_DRAWS: Mapping[str, Callable[..., Tensor]] = {
    "uniform": tf.random.stateless_uniform,
    "normal": tf.random.stateless_normal,
}


@keras.saving.register_keras_serializable(package="tf_infomax")
class PriorMatching(EncoderObjective):
    """Makes the encoder's outputs look like draws from a prior to a discriminator that trains against it.

    The discriminator is a fully connected network with ReLU. Its logits enter softplus, never a logarithm.

    Args:
        weight: Weight (gamma) in the encoder's loss.
        prior: `"uniform"` on [0, 1]^Y, for the sigmoid of the output; or `"normal"`, for the output itself.
        hidden_units: Units of the discriminator's hidden layers.

    Raises:
        InputError: The prior is unknown, or a hidden layer has less than one unit.

    Source: Hjelm et al., ICLR 2019, Eq. 7 and Table 10, with the non-saturating loss of its authors' code.
    """

    adversarial = True

    def __init__(
        self,
        weight: float = 0.1,
        *,
        prior: Prior = "uniform",
        hidden_units: tuple[int, ...] = (1000, 200),
        name: str = "prior_matching",
        **kwargs,
    ) -> None:
        super().__init__(weight, name=name, **kwargs)
        check_choice("prior", prior, get_args(Prior))
        self.prior = prior
        self.hidden_units = tuple(hidden_units)
        self.discriminator = PriorDiscriminator(self.hidden_units, name="discriminator", dtype=self.dtype_policy)

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        self.discriminator.build((None, shapes["output"][-1]))

    def loss(self, batch: EncodedBatch) -> tuple[Tensor, Logs]:
        return non_saturating_generator_loss(self.discriminator(self.represent(batch))), {}

    def critic_loss(self, batch: EncodedBatch) -> Tensor:
        outputs = self.represent(batch)
        draw = _DRAWS[self.prior]
        targets = distribution.replica_share(
            lambda rows: draw([rows, outputs.shape[-1]], batch.seed), distribution.num_rows(outputs)
        )
        return minimax_discriminator_loss(self.discriminator(targets), self.discriminator(outputs))

    def represent(self, batch: EncodedBatch) -> Tensor:
        """Returns the values to match with the prior: the output (B, Y), or its sigmoid for a uniform prior."""
        outputs = batch.features["output"]
        return tf.sigmoid(outputs) if self.prior == "uniform" else outputs

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, PriorMatching)}
