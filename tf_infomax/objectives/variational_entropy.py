"""The objective of GAN + VER: variational entropy."""

from collections.abc import Mapping

import keras

from tf_infomax import distribution
from tf_infomax.losses.mutual_information import donsker_varadhan_lower_bound
from tf_infomax.networks.statistics import StatisticsArchitecture, StatisticsNetwork
from tf_infomax.objectives.base import AuxiliaryObjective
from tf_infomax.objectives.batches import GeneratorBatch
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Logs, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class VariationalEntropy(AuxiliaryObjective):
    """Keeps the samples diverse: maximises a lower bound of the information between samples and latents.

    `-lambda * I(G(z); z)` joins the generator's loss, I the Donsker-Varadhan bound with a statistics network T(x, z):
    a generator has no noise but its latents, so the information is the entropy of its samples, or a part of it if they
    depend on labels, which T does not see. T trains in the generator step, on the same loss. Mismatched pairs come from
    shuffling the latents within the batch of all replicas. T sees the samples without augmentation: what is to be
    diverse is the generator, and random changes would only hide information.

    The information has no upper bound. Clipping holds the norm of its gradient in the generator at that of the
    adversarial gradient: `g <- min(||g_adv||, ||g||) / ||g|| * g`. T's own gradient is never clipped.

    Args:
        generator_weight: Weight (lambda) in the generator's loss.
        clip_to_adversarial: Whether the gradient is clipped.
        architecture: Architecture of T, `"mlp"` or `"convolutional"`; if None, mlp for points and convolutional for
            images.
        hidden_units: Hidden units of T, on x (or its convolved features) and z.
        base_channels: Channels of T's first convolution.

    Raises:
        InputError: The weight is negative, or a setting of T is out of range; when built, if T cannot be applied to the
            samples.

    Logs `information`, the bound in nats, and `clip_factor` in [0, 1].

    Source: Khorramshahi et al., 2020 (GAN + VER), Eq. 6; Belghazi et al., ICML 2018 (MINE), section 5.1, for clipping.
    """

    heads_train_with = "generator"

    metric_descriptions = {
        "information": "Lower bound of the information between samples and latents, nats.",
    }

    def __init__(
        self,
        *,
        generator_weight: float = 0.1,
        clip_to_adversarial: bool = True,
        architecture: StatisticsArchitecture | None = None,
        hidden_units: int = 128,
        base_channels: int = 64,
        name: str = "variational_entropy",
        **kwargs,
    ) -> None:
        super().__init__(generator_weight=generator_weight, name=name, **kwargs)
        self.clip_to_adversarial = clip_to_adversarial
        self.architecture = architecture
        self.hidden_units = hidden_units
        self.base_channels = base_channels
        self.metric_names = self.metrics_of(generator="information")
        self.statistics = StatisticsNetwork(
            architecture,
            hidden_units=hidden_units,
            base_channels=base_channels,
            name="statistics",
            dtype=self.dtype_policy,
        )

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        self.statistics.build(shapes["images"], shapes["latents"])

    def generator_loss(self, discriminator: keras.Model, batch: GeneratorBatch) -> tuple[Tensor, Logs]:
        information = self.information(batch.generated_images, batch.latents, batch.seed)
        return -information, {"information": information}

    def information(self, samples: Tensor, latents: Tensor, seed: Tensor) -> Tensor:
        """Estimates the information between samples and the latents (B, Z) that they come from.

        Args:
            samples: Images (B, H, W, C) or points (B, D).
            latents: (B, Z).
            seed: (2,) int32, for shuffling.

        Returns:
            Scalar float32, nats; the same on all replicas.
        """
        shuffled = distribution.shuffle(latents, seed)
        joint = self.statistics(samples, latents)
        marginal = self.statistics(samples, shuffled)
        return donsker_varadhan_lower_bound(distribution.gather(joint), distribution.gather(marginal))

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, VariationalEntropy)}
