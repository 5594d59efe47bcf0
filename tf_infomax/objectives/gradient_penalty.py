"""The gradient penalty of WGAN-GP."""

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import check_positive
from tf_infomax.losses.gradient_penalty import gradient_norms, gradient_penalty, interpolate
from tf_infomax.networks.conditioning import call_network
from tf_infomax.objectives.base import AuxiliaryObjective
from tf_infomax.objectives.batches import DiscriminatorBatch
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class GradientPenalty(AuxiliaryObjective):
    """Keeps the discriminator near 1-Lipschitz between real and fake images.

    `lambda * mean((||grad_x D(x)|| - 1)^2)` joins the discriminator's loss, at x = e x_r + (1 - e) x_g with e ~ U[0, 1]
    for each pair of images; a conditional discriminator sees the labels of the real ones. It costs one more pass
    through the discriminator and a second-order gradient. The generator has no such term: its weight is 0.

    Meant for `compile(adversarial_loss="wasserstein")` and a discriminator without spectral or batch normalisation:
    under batch norm an image's logit depends on the other images, and the gradient of one image is not defined.

    Args:
        discriminator_weight: Weight (lambda) in the discriminator's loss.
        target: Lipschitz constant gamma in `(||grad_x D(x)|| - gamma)^2 / gamma^2`. The game stays the same, with a
            loss gamma times as large; the meaning of 1 depends on the unit of the samples.

    Raises:
        InputError: The weight is negative, or the target is not positive.

    Logs `gradient_norm`: the mean norm of the gradients, which tends to the target.

    Source: Gulrajani et al., NeurIPS 2017, Algorithm 1; Karras et al., ICLR 2018, Appendix A.1, for the target.
    """

    metric_descriptions = {
        "gradient_norm": "Mean norm of the discriminator's gradient between images; tends to the target.",
    }

    def __init__(
        self, *, discriminator_weight: float = 10.0, target: float = 1.0, name: str = "gradient_penalty", **kwargs
    ) -> None:
        check_positive(target=float(target))
        super().__init__(discriminator_weight=discriminator_weight, name=name, **kwargs)
        self.target = target
        self.metric_names = self.metrics_of(discriminator="gradient_norm")

    def discriminator_loss(self, discriminator: keras.Model, batch: DiscriminatorBatch) -> tuple[Tensor, Logs]:
        norms = logit_gradient_norms(discriminator, self.interpolations(batch), batch.labels)
        return gradient_penalty(norms, target=self.target), {"gradient_norm": tf.reduce_mean(norms)}

    def interpolations(self, batch: DiscriminatorBatch) -> Tensor:
        """Draws images (B, H, W, C) between real and fake ones, for the gradients of one update."""
        fractions = distribution.replica_share(
            lambda rows: tf.random.stateless_uniform([rows], batch.seed), distribution.num_rows(batch.fake_images)
        )
        dtype = batch.fake_images.dtype
        return interpolate(tf.cast(batch.real_images, dtype), batch.fake_images, tf.cast(fractions, dtype))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, GradientPenalty)}


def logit_gradient_norms(discriminator: keras.Model, images: Tensor, labels: Tensor | None) -> Tensor:
    """Returns the norm (B,) of the gradient of each image's logit."""
    with tf.GradientTape() as tape:
        tape.watch(images)
        features = call_network(discriminator, images, labels, training=True)
        total = tf.reduce_sum(features["logits"])  # only logit i depends on image i, so its gradient is that of D(x_i)
    return gradient_norms(tape.gradient(total, images))
