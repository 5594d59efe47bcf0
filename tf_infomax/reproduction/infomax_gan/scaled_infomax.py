"""InfoMax with scaled scores, for the study of when the contrast learns."""

from collections.abc import Mapping

import keras

from tf_infomax.objectives import InfoMax
from tf_infomax.types import Features, Tensor


@keras.saving.register_keras_serializable(package="tf_infomax")
class ScaledInfoMax(InfoMax):
    """InfoMax whose scores are multiplied, which is an inverse temperature, and whose global features may be means.

    Args:
        projection_dim: R.
        discriminator_weight: Weight (beta) in the discriminator's loss.
        generator_weight: Weight (alpha) in the generator's loss.
        scale: Factor of the scores.
        mean_pooling: Whether the heads see the mean over the locations of the last map in place of their sum.
        **kwargs: Other arguments of `InfoMax`.
    """

    def __init__(
        self,
        projection_dim: int = 1024,
        *,
        discriminator_weight: float = 0.2,
        generator_weight: float = 0.2,
        scale: float = 1.0,
        mean_pooling: bool = False,
        name: str = "infomax",
        **kwargs,
    ) -> None:
        super().__init__(
            projection_dim,
            discriminator_weight=discriminator_weight,
            generator_weight=generator_weight,
            name=name,
            **kwargs,
        )
        self.scale = scale
        self.mean_pooling = mean_pooling

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        super().build(shapes)
        last = max((name for name in shapes if name.startswith("block")), key=lambda name: int(name[5:]))
        _, height, width, _ = shapes[last]
        self.num_locations = int(height or 1) * int(width or 1)

    def scores(self, features: Features, *, seed: Tensor | None = None, training: bool = True) -> tuple[Tensor, Tensor]:
        if self.mean_pooling:
            features = {**features, self.global_layer: features[self.global_layer] / self.num_locations}
        scores, own_images = super().scores(features, seed=seed, training=training)
        return self.scale * scores, own_images

    def get_config(self) -> dict:
        return {**super().get_config(), "scale": self.scale, "mean_pooling": self.mean_pooling}
