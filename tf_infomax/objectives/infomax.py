"""The objective of InfoMax-GAN."""

from collections.abc import Mapping
from typing import Literal, get_args

import keras
import tensorflow as tf

from tf_infomax import distribution
from tf_infomax.errors import InputError, check_choice, check_positive
from tf_infomax.losses.mutual_information import (
    OwnLocations,
    contrastive_accuracy,
    infonce_loss,
    local_global_scores,
)
from tf_infomax.networks.heads import ProjectionHead
from tf_infomax.objectives.base import AuxiliaryObjective
from tf_infomax.objectives.batches import DiscriminatorBatch, GeneratorBatch
from tf_infomax.objectives.locations import flatten_locations, sample_locations
from tf_infomax.signatures import arguments_of
from tf_infomax.types import Features, Logs, Tensor

Negatives = Literal["global", "replica"]


@keras.saving.register_keras_serializable(package="tf_infomax")
class InfoMax(AuxiliaryObjective):
    """Maximises mutual information between local and global features by contrast.

    The discriminator does so on real images, the generator on its own. `beta * L_nce(X_r)` joins the discriminator's
    loss and `alpha * L_nce(X_g)` the generator's (Eq. 6, 7). The discriminator must return `local_features` (B, H, W,
    C) and `global_features` (B, F), or two other layers.

    Args:
        projection_dim: Dimensions of the space in which features are compared (R).
        discriminator_weight: Weight (beta) in the discriminator's loss.
        generator_weight: Weight (alpha) in the generator's loss.
        own_locations: The role of the own image's other locations in the softmax: `"negatives"` as in Eq. 4,
            `"masked"` as in the authors' code, or `"excluded"`. See `losses.infonce_loss`.
        negatives: `"global"` compares with the images of all replicas, so results do not depend on their number; it
            gathers the local features and a hidden layer (B * M * 2C floats per replica, each way). `"replica"`
            compares within the replica's own batch and sends nothing.
        spectral_norm: Whether the heads are spectrally normalised (Appendix A.5).
        local_layer: Output of the discriminator, a map, whose locations are contrasted.
        global_layer: Output that they are contrasted with. A map makes the objective local-local (Appendix A.5): each
            of its M_2 locations acts as a global feature, with M_2 times as many scores, (B * M_2, N * M).
        location_fraction: Fraction of each feature map's locations in one update, drawn anew without replacement. The
            paper takes half for local-local.

    Raises:
        InputError: A choice is unknown or a number out of range; when built, if the discriminator does not return a
            layer or the local one is not a map.

    Logs `accuracy` (real images) and `fake_accuracy`: fractions in [0, 1], see `losses.contrastive_accuracy`.

    Source: Lee et al., WACV 2021, Eq. 4-7 and Appendix A.5.
    """

    metric_descriptions = {
        "accuracy": "Real images: fraction of locations that score above those of all other images.",
        "fake_accuracy": "Generated images: fraction of locations that score above those of all other images.",
    }

    def __init__(
        self,
        projection_dim: int = 1024,
        *,
        discriminator_weight: float = 0.2,
        generator_weight: float = 0.2,
        own_locations: OwnLocations = "negatives",
        negatives: Negatives = "global",
        spectral_norm: bool = True,
        local_layer: str = "local_features",
        global_layer: str = "global_features",
        location_fraction: float = 1.0,
        name: str = "infomax",
        **kwargs,
    ) -> None:
        super().__init__(
            discriminator_weight=discriminator_weight, generator_weight=generator_weight, name=name, **kwargs
        )
        check_positive(projection_dim=projection_dim)
        if not 0 < location_fraction <= 1:
            raise InputError(f"`location_fraction` must be above 0 and at most 1. Received: {location_fraction}")
        check_choice("own_locations", own_locations, get_args(OwnLocations))
        check_choice("negatives", negatives, get_args(Negatives))
        self.projection_dim = projection_dim
        self.own_locations = own_locations
        self.negatives = negatives
        self.spectral_norm = spectral_norm
        self.local_layer = local_layer
        self.global_layer = global_layer
        self.location_fraction = location_fraction
        self.metric_names = self.metrics_of(discriminator="accuracy", generator="fake_accuracy")
        self.local_head = ProjectionHead(
            projection_dim, spectral_norm=spectral_norm, name="local_head", dtype=self.dtype_policy
        )
        self.global_head = ProjectionHead(
            projection_dim, spectral_norm=spectral_norm, name="global_head", dtype=self.dtype_policy
        )

    def build(self, shapes: Mapping[str, tuple[int | None, ...]]) -> None:
        local_shape = self.required(shapes, self.local_layer)
        if len(local_shape) != 4:
            raise InputError(
                f"`local_layer` must be a map (B, H, W, C). Received: {self.local_layer} of shape {local_shape}"
            )
        self.local_head.build(local_shape)
        self.global_head.build(self.required(shapes, self.global_layer))

    def discriminator_loss(self, discriminator: keras.Model, batch: DiscriminatorBatch) -> tuple[Tensor, Logs]:
        loss, accuracy = self.contrast(batch.real_features, seed=batch.seed)
        return loss, {"accuracy": accuracy}

    def generator_loss(self, discriminator: keras.Model, batch: GeneratorBatch) -> tuple[Tensor, Logs]:
        loss, accuracy = self.contrast(batch.fake_features, seed=batch.seed)
        return loss, {"fake_accuracy": accuracy}

    def contrast(
        self, features: Features, *, seed: Tensor | None = None, training: bool = True
    ) -> tuple[Tensor, Tensor]:
        """Returns the contrastive loss (nats) and accuracy of one batch of discriminator features; see `scores`."""
        scores, own_images = self.scores(features, seed=seed, training=training)
        loss = infonce_loss(scores, own_images=own_images, own_locations=self.own_locations)
        return loss, contrastive_accuracy(scores, own_images=own_images)

    def scores(self, features: Features, *, seed: Tensor | None = None, training: bool = True) -> tuple[Tensor, Tensor]:
        """Compares the replica's global features with the locations of all images.

        Args:
            features: Outputs of the discriminator.
            seed: (2,) int32, for sampling locations; needed where `location_fraction` is below 1.
            training: Whether the heads' power iterations advance.

        Returns:
            Scores (B, N, M) float32 of B global features, or (B * M_2, N, M) of a map's locations, and the number (B,)
            or (B * M_2,) of each one's own image among the N.
        """
        local_features, global_features = self._select(features, seed)
        queries = flatten_locations(self.global_head(global_features, training=training))  # (B, Q, R)
        batch_size, num_queries = tf.shape(queries)[0], queries.shape[1]
        # The projected local features (B, M, R), most of the cost of an InfoMax term, are never built.
        directions, offsets = self.local_head.pull_back(
            tf.reshape(queries, [-1, self.projection_dim]), training=training
        )  # (B * Q, 2C), (B * Q,)
        encodings = flatten_locations(self.local_head.encode(local_features, training=training))  # (B, M, 2C)
        own_images = tf.repeat(tf.range(batch_size), num_queries)
        if self.negatives == "global":
            own_images += distribution.replica_id() * batch_size
            encodings = distribution.gather(encodings)
        return local_global_scores(encodings, directions) + offsets[:, None, None], own_images  # (B * Q, N, M)

    def _select(self, features: Features, seed: Tensor | None) -> tuple[Tensor, ...]:
        """Returns the local and the global layer; sampled maps become (B, M, C)."""
        layers = features[self.local_layer], features[self.global_layer]
        if self.location_fraction == 1:
            return layers
        if seed is None:
            raise InputError(f"`seed` is needed to draw {self.location_fraction} of the locations. Received: None")
        return tuple(
            sample_locations(flatten_locations(layer), self.location_fraction, tf.random.fold_in(seed, side))
            for side, layer in enumerate(layers)
        )

    def project(self, features: Features, *, training: bool = False) -> tuple[Tensor, Tensor]:
        """Projects discriminator features to local (B, M, R) and global (B, R) ones, (B, M_2, R) for a map."""
        local_features = self.local_head(features[self.local_layer], training=training)
        global_features = self.global_head(features[self.global_layer], training=training)
        is_map = len(global_features.shape) == 4
        return flatten_locations(local_features), flatten_locations(global_features) if is_map else global_features

    def get_config(self) -> dict:
        return {**super().get_config(), **arguments_of(self, InfoMax)}
