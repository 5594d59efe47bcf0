"""The contractive penalty on gradients at real images."""

import keras
import tensorflow as tf

from tf_infomax.objectives.base import AuxiliaryObjective
from tf_infomax.objectives.batches import DiscriminatorBatch
from tf_infomax.objectives.gradient_penalty import logit_gradient_norms
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ContractivePenalty(AuxiliaryObjective):
    """Keeps the discriminator flat on the data, so that the game converges once the generator has learned it.

    `gamma / 2 * mean(||grad_x D(x)||^2)` over real images joins the discriminator's loss (R1). The generator has no
    such term: its weight is 0. The discriminator must not have batch normalisation, as for a gradient penalty.

    Args:
        discriminator_weight: Weight (gamma) in the discriminator's loss.

    Raises:
        InputError: The weight is negative.

    Logs `gradient_norm`: the mean norm of the gradients, which tends to 0.

    Source: Mescheder et al., ICML 2018, Eq. 9; Rifai et al., ICML 2011; used by Hjelm et al., ICLR 2019, Appendix A.9.
    """

    metric_descriptions = {
        "gradient_norm": "Mean norm of the discriminator's gradient at images; tends to 0.",
    }

    def __init__(self, *, discriminator_weight: float = 10.0, name: str = "contractive_penalty", **kwargs) -> None:
        super().__init__(discriminator_weight=discriminator_weight, name=name, **kwargs)
        self.metric_names = self.metrics_of(discriminator="gradient_norm")

    def discriminator_loss(self, discriminator: keras.Model, batch: DiscriminatorBatch) -> tuple[Tensor, Logs]:
        norms = logit_gradient_norms(discriminator, tf.cast(batch.real_images, batch.fake_images.dtype), batch.labels)
        return 0.5 * tf.reduce_mean(tf.square(norms)), {"gradient_norm": tf.reduce_mean(norms)}
