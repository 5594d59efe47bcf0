"""The objective of InfoMax-GAN."""

from collections.abc import Mapping
from typing import Literal, cast, get_args

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError
from tf_infomax.losses.mutual_information import (
    OwnLocations,
    contrastive_accuracy,
    infonce_loss,
    local_global_scores,
)
from tf_infomax.networks.heads import ProjectionHead
from tf_infomax.objectives.base import AuxiliaryObjective, TrainingBatch
from tf_infomax.types import Features, Logs, Tensor

Negatives = Literal["global", "replica"]


@keras.saving.register_keras_serializable(package="tf_infomax")
class InfoMax(AuxiliaryObjective):
    """Maximises mutual information between local and global features by contrast.

    The discriminator does so on real images, the generator on its own:
    `beta * L_nce(X_r)` joins the discriminator's loss and `alpha * L_nce(X_g)` the generator's (Eq. 6, 7). It asks
    of a discriminator nothing but `local_features` (B, H, W, C) and `global_features` (B, F).

    Args:
        projection_dim: Size of the space in which features are compared (R).
        discriminator_weight: beta.
        generator_weight: alpha.
        own_locations: The role of the own image's other locations in the softmax: `"negatives"` as in Eq. 4,
            `"masked"` as in the authors' code, or `"excluded"`. See `losses.infonce_loss`.
        negatives: `"global"` compares with the images of all replicas, so results do not depend on their number; it
            gathers the local features and a hidden layer (B * M * 2C floats a replica, each way). `"replica"` compares
            within the replica's own batch and sends nothing.
        spectral_norm: Whether the heads are spectrally normalised (Appendix A.5).

    Raises:
        InputError: A choice is unknown or a number out of range.

    Logs `accuracy` (real images) and `fake_accuracy`: fractions in [0, 1], see `losses.contrastive_accuracy`.

    Source: Lee et al., WACV 2021, Eq. 4-7.
    """

    def __init__(
        self,
        projection_dim: int = 1024,
        *,
        discriminator_weight: float = 0.2,
        generator_weight: float = 0.2,
        own_locations: OwnLocations = "negatives",
        negatives: Negatives = "global",
        spectral_norm: bool = True,
        name: str = "infomax",
        **kwargs,
    ) -> None:
        super().__init__(
            discriminator_weight=discriminator_weight, generator_weight=generator_weight, name=name, **kwargs
        )
        if projection_dim < 1:
            raise InputError(f"`projection_dim` must be at least 1. Received: {projection_dim}")
        _check_choice("own_locations", own_locations, OwnLocations)
        _check_choice("negatives", negatives, Negatives)
        self.projection_dim = projection_dim
        self.own_locations = own_locations
        self.negatives = negatives
        self.spectral_norm = spectral_norm
        measured = {"accuracy": discriminator_weight, "fake_accuracy": generator_weight}
        self.metric_names = tuple(name for name, weight in measured.items() if weight > 0)
        self.local_head = ProjectionHead(
            projection_dim, spectral_norm=spectral_norm, name="local_head", dtype=self.dtype_policy
        )
        self.global_head = ProjectionHead(
            projection_dim, spectral_norm=spectral_norm, name="global_head", dtype=self.dtype_policy
        )

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        for name in ("local_features", "global_features"):
            if name not in shapes:
                raise InputError(f"InfoMax needs a discriminator that returns `{name}`. Received: {', '.join(shapes)}")
        self.local_head.build(shapes["local_features"])
        self.global_head.build(shapes["global_features"])

    def discriminator_loss(self, discriminator: keras.Model, batch: TrainingBatch) -> tuple[Tensor, Logs]:
        loss, accuracy = self.contrast(cast(Features, batch.real_features))
        return loss, {"accuracy": accuracy}

    def generator_loss(self, discriminator: keras.Model, batch: TrainingBatch) -> tuple[Tensor, Logs]:
        loss, accuracy = self.contrast(batch.fake_features)
        return loss, {"fake_accuracy": accuracy}

    def contrast(self, features: Features, *, training: bool = True) -> tuple[Tensor, Tensor]:
        """Returns the contrastive loss (nats) and accuracy of one batch of discriminator features."""
        global_features = self.global_head(features["global_features"], training=training)  # (B, R)
        # The projected local features (B, M, R), most of the cost of an InfoMax term, are never built.
        directions, offsets = self.local_head.pull_back(global_features, training=training)
        encodings = _flatten_locations(self.local_head.encode(features["local_features"], training=training))
        own_images = tf.range(tf.shape(global_features)[0])
        if self.negatives == "global":
            own_images += distribution.replica_id() * tf.shape(global_features)[0]
            encodings = distribution.gather(encodings)
        scores = local_global_scores(encodings, directions) + offsets[:, None, None]  # (B, N, M)
        loss = infonce_loss(scores, own_images=own_images, own_locations=self.own_locations)
        return loss, contrastive_accuracy(scores, own_images=own_images)

    def project(self, features: Features, *, training: bool = False) -> tuple[Tensor, Tensor]:
        """Projects discriminator features to local (B, M, R) and global (B, R) ones."""
        local_features = _flatten_locations(self.local_head(features["local_features"], training=training))
        return local_features, self.global_head(features["global_features"], training=training)

    def get_config(self) -> dict:
        config = {
            "projection_dim": self.projection_dim,
            "own_locations": self.own_locations,
            "negatives": self.negatives,
            "spectral_norm": self.spectral_norm,
        }
        return {**super().get_config(), **config}


def _flatten_locations(features: Tensor) -> Tensor:
    """Lines up the locations of feature maps: (B, H, W, C) to (B, M, C)."""
    _, height, width, channels = features.shape
    return tf.reshape(features, [-1, height * width, channels])


def _check_choice(name: str, value: str, choices: object) -> None:
    if value not in get_args(choices):
        raise InputError(f"`{name}` must be one of {', '.join(get_args(choices))}. Received: {value}")
